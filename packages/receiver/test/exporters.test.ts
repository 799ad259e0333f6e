import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { KeyKind, keyOf, keyText, linkId, type Span } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { type Running, run } from './support/running.js';
import { keysAt } from './support/TestIngest.js';

type MakeExporter = (receiver: Running, compression: CompressionAlgorithm) => SpanExporter;

const EXPORTERS: [string, MakeExporter][] = [
  [
    'http/protobuf',
    ({ httpUrl }, compression) => new ProtobufExporter({ url: `${httpUrl}/v1/traces`, compression }),
  ],
  ['http/json', ({ httpUrl }, compression) => new JsonExporter({ url: `${httpUrl}/v1/traces`, compression })],
  ['grpc', ({ grpcUrl }, compression) => new GrpcExporter({ url: grpcUrl, compression })],
];
const CASES = EXPORTERS.flatMap(([name, make]) =>
  [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP].map(
    (compression) => [name, compression, make] as const,
  ),
);

describe('the exporter of OpenTelemetry for JavaScript', () => {
  it.each(CASES)(
    'over %s with compression %s: its spans come through whole',
    async (_, compression, make) => {
      const receiver = await run();
      const exporter = make(receiver, compression);
      const { eventId, linked } = await work(exporter);
      const spans = receiver.ingest.stored();
      expect(spans).toHaveLength(302);
      const publish = named(spans, 'orders publish');
      const process = named(spans, 'reserve-inventory');
      expect(publish).toMatchObject({ kind: 4, parentSpanId: '' });
      expect(process).toMatchObject({
        kind: 5,
        traceId: publish.traceId,
        parentSpanId: publish.spanId,
        status: { code: 2, message: 'HTTP 503' },
      });
      expect(Object.fromEntries(process.attributes)).toEqual({
        'messaging.message.id': eventId,
        'messaging.batch.message_count': 12,
        ratio: 0.5,
        again: true,
        tags: ['a', 'b'],
      });
      expect(process.events[0]).toMatchObject({ name: 'exception' });
      expect(process.links[0]).toMatchObject(linked);
      expect(process.source.resource.get('service.name')).toBe('inventory');
      expect(process.source.scope).toMatchObject({ name: 'shop', version: '1.2.3' });
      expect(process.endTimeUnixNano).toBeGreaterThanOrEqual(process.startTimeUnixNano);
      const keys = keysAt(receiver.ingest.spans.finish(), spans.indexOf(process));
      expect(keys.sort()).toEqual(
        [keyOf(KeyKind.event, eventId), keyOf(KeyKind.link, linkId(linked.traceId, linked.spanId))]
          .map(keyText)
          .sort(),
      );
    },
  );

  // The exporter for gRPC tries nothing again, whatever it is told (0.223).
  it.each(EXPORTERS.filter(([name]) => name !== 'grpc'))(
    'over %s: what it sends while the receiver is out of room comes through later',
    async (_, make) => {
      const receiver = await run({ limits: { inFlightBytes: 500 } });
      receiver.ingest.hold();
      const done = work(make(receiver, CompressionAlgorithm.NONE));
      // The first request fills the room; the exporter tries the others again until there is some.
      setTimeout(() => receiver.ingest.release(), 300);
      await done;
      expect(new Set(receiver.ingest.stored().map(({ spanId }) => spanId)).size).toBe(302);
    },
  );
});

/** What an application does: a publish, its processing with all that a span may carry, and many spans more. */
async function work(exporter: SpanExporter) {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'inventory', 'host.name': 'h1' }),
    spanProcessors: [new BatchSpanProcessor(exporter, { maxExportBatchSize: 100, scheduledDelayMillis: 20 })],
  });
  const tracer = provider.getTracer('shop', '1.2.3');
  const publish = tracer.startSpan('orders publish', { kind: SpanKind.PRODUCER }, ROOT_CONTEXT);
  const linked = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const eventId = 'evt_8821';
  const process = tracer.startSpan(
    'reserve-inventory',
    {
      kind: SpanKind.CONSUMER,
      links: [{ context: { ...linked, traceFlags: 1 } }],
      attributes: {
        'messaging.message.id': eventId,
        'messaging.batch.message_count': 12,
        ratio: 0.5,
        again: true,
        tags: ['a', 'b'],
      },
    },
    trace.setSpan(context.active(), publish),
  );
  process.recordException(new Error('HTTP 503'));
  process.setStatus({ code: SpanStatusCode.ERROR, message: 'HTTP 503' });
  process.end();
  publish.end();
  for (let i = 0; i < 300; i++) tracer.startSpan(`step ${i}`).end();
  await provider.forceFlush();
  await provider.shutdown();
  return { eventId, linked };
}

function named(spans: readonly Span[], name: string): Span {
  const span = spans.find((one) => one.name === name);
  if (span === undefined) throw new Error(`no span is named ${name}`);
  return span;
}
