// Decode alone: OTLP/protobuf bodies into the columns of a batch, on one core.
//   node bench/ingest/decode.mjs [--spans 512] [--seconds 5]
import { SpanBatchBuilder } from '@upshot/model';
import { DEFAULT_LIMITS } from '@upshot/receiver';
import { ExportDecoder } from '../../packages/receiver/dist/otlp/protobuf/ExportDecoder.js';
import { Refusals } from '../../packages/receiver/dist/otlp/Refusals.js';
import { fresh, template } from './payload.mjs';

const options = Object.fromEntries(
  process.argv.slice(2).flatMap((arg, i, all) => (arg.startsWith('--') ? [[arg.slice(2), all[i + 1]]] : [])),
);
const perBody = Number(options.spans ?? 512);
const seconds = Number(options.seconds ?? 5);
const templates = [0, 1, 2, 3].map((seed) => template(perBody, seed));
const bodies = Array.from({ length: 64 }, (_, i) => fresh(templates[i % 4]).body);
const decoder = new ExportDecoder(DEFAULT_LIMITS);
const builder = new SpanBatchBuilder();

function round(milliseconds) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let spans = 0;
  let bytes = 0;
  for (let i = 0; performance.now() - start < milliseconds; i++) {
    const body = bodies[i % bodies.length];
    if (builder.rows > 32_000) builder.reset();
    spans += decoder.decode(builder, body, 0n, new Refusals(null));
    bytes += body.length;
  }
  const { user, system } = process.cpuUsage(cpu);
  return { spans, bytes, took: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

round(1000);
const { spans, bytes, took, cpu } = round(seconds * 1000);
const batch = builder.finish();
console.log(
  JSON.stringify({
    thousandSpansPerSecond: Math.round(spans / took / 1000),
    cpuSecondsPerMillion: Number(((cpu / spans) * 1e6).toFixed(2)),
    megabytesPerSecond: Math.round(bytes / took / 1e6),
    bytesPerSpan: Math.round(bytes / spans),
    tailBytesPerSpan: Math.round(batch.tails.bytes.length / batch.rows),
    keysPerSpan: Number((batch.keys.halves.length / 2 / batch.rows).toFixed(2)),
  }),
);
