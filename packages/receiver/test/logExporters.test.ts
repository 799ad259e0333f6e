import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider, type LogRecordExporter } from '@opentelemetry/sdk-logs';
import { KeyKind, keyOf, keyText } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { type Running, run } from './support/running.js';
import { keysAt } from './support/TestIngest.js';

type MakeExporter = (receiver: Running, compression: CompressionAlgorithm) => LogRecordExporter;

const EXPORTERS: [string, MakeExporter][] = [
  [
    'http/protobuf',
    ({ httpUrl }, compression) => new ProtobufExporter({ url: `${httpUrl}/v1/logs`, compression }),
  ],
  ['http/json', ({ httpUrl }, compression) => new JsonExporter({ url: `${httpUrl}/v1/logs`, compression })],
  ['grpc', ({ grpcUrl }, compression) => new GrpcExporter({ url: grpcUrl, compression })],
];
const CASES = EXPORTERS.flatMap(([name, make]) =>
  [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP].map(
    (compression) => [name, compression, make] as const,
  ),
);
const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

describe('the log exporter of OpenTelemetry for JavaScript', () => {
  it.each(CASES)(
    'over %s with compression %s: its records come through whole',
    async (_, compression, make) => {
      const receiver = await run();
      await work(make(receiver, compression));
      const logs = receiver.ingest.storedLogs();
      expect(logs).toHaveLength(202);
      const failure = logs.find(({ eventName }) => eventName === 'messaging.process.exception')!;
      expect(failure).toMatchObject({
        traceId: SPAN.traceId,
        spanId: SPAN.spanId,
        severityNumber: 17,
        severityText: 'ERROR',
        isException: true,
        flags: 1,
      });
      expect(Object.fromEntries(failure.attributes)).toEqual({
        'exception.type': 'UpstreamError',
        'exception.message': 'HTTP 503',
      });
      expect(failure.source.resource.get('service.name')).toBe('inventory');
      expect(failure.source.scope).toMatchObject({ name: 'shop', version: '1.2.3' });
      const line = logs.find(({ spanId }) => spanId === '')!;
      expect(line).toMatchObject({ traceId: '', severityNumber: 9, isException: false });
      expect(line.body).toEqual({ message: 'stock is low', left: 3 });
      expect(line.timeUnixNano).toBe(1_790_000_000_500_000_000n);
      const keys = keysAt(receiver.ingest.logs.finish(), logs.indexOf(line));
      expect(keys.sort()).toEqual(
        [keyOf(KeyKind.event, 'evt_8821'), keyOf(KeyKind.correlation, 'order_441')].map(keyText).sort(),
      );
    },
  );
});

/** What an application logs: an exception within a span, a structured line that names event and order, many lines more. */
async function work(exporter: LogRecordExporter): Promise<void> {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 'inventory' }),
    processors: [
      new BatchLogRecordProcessor({ exporter, maxExportBatchSize: 100, scheduledDelayMillis: 20 }),
    ],
  });
  const logger = provider.getLogger('shop', '1.2.3');
  const within = trace.setSpanContext(context.active(), SPAN);
  logger.emit({
    eventName: 'messaging.process.exception',
    severityNumber: SeverityNumber.ERROR,
    severityText: 'ERROR',
    attributes: { 'exception.type': 'UpstreamError', 'exception.message': 'HTTP 503' },
    context: within,
  });
  logger.emit({
    timestamp: [1_790_000_000, 500_000_000],
    severityNumber: SeverityNumber.INFO,
    body: { message: 'stock is low', left: 3 },
    attributes: { 'messaging.message.id': 'evt_8821', correlationId: 'order_441' },
    context: ROOT_CONTEXT,
  });
  for (let i = 0; i < 200; i++) logger.emit({ body: `line ${i}`, context: within });
  await provider.forceFlush();
  await provider.shutdown();
}
