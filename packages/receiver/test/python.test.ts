import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { KeyKind, keyOf, keyText, linkId } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { run } from './support/running.js';
import { keysAt } from './support/TestIngest.js';

/** A Python that has OpenTelemetry's exporters: see python/export.py. */
const python = process.env.UPSHOT_PYTHON;
const script = fileURLToPath(new URL('./python/export.py', import.meta.url));

describe('the exporters of OpenTelemetry for Python', () => {
  it.runIf(python !== undefined || process.env.CI !== undefined)(
    'over HTTP and gRPC, plain and gzipped: their spans come through whole',
    async () => {
      expect(python, 'UPSHOT_PYTHON must name a Python with the exporters in CI').toBeDefined();
      const receiver = await run();
      const { stdout } = await promisify(execFile)(python!, [script, receiver.httpUrl, receiver.grpcUrl]);
      const traces = JSON.parse(stdout) as Record<string, string>;
      expect(Object.keys(traces)).toEqual(['http', 'http gzip', 'grpc', 'grpc gzip']);
      const spans = receiver.ingest.stored();
      const batch = receiver.ingest.spans.finish();
      for (const traceId of Object.values(traces)) {
        const mine = spans.filter((span) => span.traceId === traceId);
        expect(mine).toHaveLength(202);
        const publish = mine.find(({ name }) => name === 'orders publish')!;
        const process = mine.find(({ name }) => name === 'reserve-inventory')!;
        expect(publish).toMatchObject({ kind: 4, parentSpanId: '' });
        expect(process).toMatchObject({
          kind: 5,
          parentSpanId: publish.spanId,
          status: { code: 2, message: 'out of stock' },
          events: [{ name: 'exception' }],
          links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }],
        });
        expect(Object.fromEntries(process.attributes)).toEqual({
          'messaging.message.id': 'evt_8821',
          'messaging.batch.message_count': 3,
          ratio: 0.5,
        });
        expect(process.source.resource.get('service.name')).toBe('python-inventory');
        const link = linkId('0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331');
        expect(keysAt(batch, spans.indexOf(process)).sort()).toEqual(
          [keyText(keyOf(KeyKind.event, 'evt_8821')), keyText(keyOf(KeyKind.link, link))].sort(),
        );
      }
    },
    60_000,
  );
});
