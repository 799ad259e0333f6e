// Sends OTLP/HTTP protobuf for some seconds and says what was acknowledged. Every request carries fresh random IDs.
//   node bench/ingest/load.mjs --url http://127.0.0.1:4318/v1/traces [--seconds 20] [--connections 32] [--spans 512]
//                              [--gzip] [--keys FILE] [--sample 1000]
// Prints one line of JSON. --keys writes up to --sample correlation IDs of acknowledged workflows, one a line.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { fresh, template } from './payload.mjs';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', default: '32' },
    spans: { type: 'string', default: '512' },
    gzip: { type: 'boolean', default: false },
    keys: { type: 'string' },
    sample: { type: 'string', default: '1000' },
  },
});
const url = new URL(options.url);
const connections = Number(options.connections);
const templates = [0, 1, 2, 3].map((seed) => template(Number(options.spans), seed));
const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
const headers = {
  'content-type': 'application/x-protobuf',
  ...(options.gzip ? { 'content-encoding': 'gzip' } : {}),
};

const counts = { spans: 0, requests: 0, partial: 0, byStatus: {} };
const latencies = [];
const keys = [];

function send(body) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        let answered = 0;
        response.on('data', (part) => {
          answered += part.length;
        });
        response.on('end', () => resolve({ status: response.statusCode, answered }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

async function sender(index, until) {
  for (let i = index; performance.now() < until; i++) {
    const one = templates[i % templates.length];
    const { body, key } = fresh(one);
    const start = performance.now();
    const { status, answered } = await send(options.gzip ? gzipSync(body, { level: 1 }) : body).catch(
      (error) => ({ status: error.code ?? 'error', answered: 0 }),
    );
    counts.requests++;
    counts.byStatus[status] = (counts.byStatus[status] ?? 0) + 1;
    if (status === 200 && answered === 0) {
      counts.spans += one.spans;
      latencies.push(performance.now() - start);
      keys.push(key);
    } else if (status === 200) counts.partial++;
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const cpu = process.cpuUsage();
const begin = performance.now();
const end = begin + Number(options.seconds) * 1000;
await Promise.all(Array.from({ length: connections }, (_, index) => sender(index, end)));
const seconds = (performance.now() - begin) / 1000;
const { user, system } = process.cpuUsage(cpu);
latencies.sort((a, b) => a - b);
const quantile = (q) =>
  Math.round(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? 0);
console.log(
  JSON.stringify({
    spansPerSecond: Math.round(counts.spans / seconds),
    spans: counts.spans,
    seconds: Number(seconds.toFixed(1)),
    requests: counts.requests,
    partial: counts.partial,
    byStatus: counts.byStatus,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    generatorCores: Number(((user + system) / 1e6 / seconds).toFixed(2)),
    bytesPerSpanSent: Math.round(templates[0].body.length / templates[0].spans),
  }),
);
if (options.keys) {
  const step = Math.max(1, Math.floor(keys.length / Number(options.sample)));
  writeFileSync(
    options.keys,
    keys
      .filter((_, i) => i % step === 0)
      .slice(0, Number(options.sample))
      .join('\n'),
  );
}
process.exit(0);
