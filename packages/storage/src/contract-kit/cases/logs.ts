import { LogKind } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, SOME_TIME, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';

const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
const exception = { kind: LogKind.exception, status: 17 };

/** Log records stand in the columns of spans. */
export function logCases(bench: Bench): void {
  const write = (...logs: KitSpan[]) =>
    bench.store().write({ spans: [], records: [], logs: [spanBatch(logs)] });
  const names = async (lookup: Parameters<ReturnType<Bench['store']>['find']>[0]) =>
    spanRows((await bench.store().find(lookup)).logs).map(({ name }) => name);

  describe('log records', () => {
    it('come back as they were written, after a restart too', async () => {
      const log: KitSpan = {
        traceId: traceId(1),
        spanId: spanId(1),
        start: SOME_TIME + 1n,
        duration: -3n,
        kind: LogKind.exception,
        status: 17,
        name: 'messaging.process.exception',
        service: 'billing',
        source: new Uint8Array([10, 0]),
        tail: new Uint8Array([1, 2, 3]),
        keys: [
          ['event', 'e1'],
          ['correlation', 'c1'],
        ],
      };
      await write(log);
      await bench.restart();
      const { logs, spans, records } = await bench
        .store()
        .find({ traceIds: [traceId(1)], among: 'logs', limit: 10 });
      expect(spanRows(logs)).toEqual(spanRows(spanBatch([log])));
      expect([spans.rows, records.length]).toEqual([0, 0]);
    });

    it('are found by every ID that they carry, with or without a trace', async () => {
      await write(
        { traceId: traceId(1), spanId: spanId(1), name: 'in a span' },
        { traceId: NO_TRACE, spanId: NO_SPAN, name: 'by event', keys: [['event', 'e1']] },
        { traceId: NO_TRACE, spanId: NO_SPAN, name: 'by correlation', keys: [['correlation', 'c1']] },
        { traceId: NO_TRACE, spanId: NO_SPAN, name: 'by cause', keys: [['causation', 'e0']] },
        { traceId: traceId(2), spanId: spanId(2), name: 'another', keys: [['event', 'e2']] },
      );
      const among = 'logs' as const;
      expect(await names({ traceIds: [traceId(1)], among, limit: 10 })).toEqual(['in a span']);
      expect(await names({ spanIds: [spanId(1)], among, limit: 10 })).toEqual(['in a span']);
      expect(await names({ eventIds: ['e1'], among, limit: 10 })).toEqual(['by event']);
      expect(await names({ correlationIds: ['c1'], among, limit: 10 })).toEqual(['by correlation']);
      expect(await names({ causationIds: ['e0'], among, limit: 10 })).toEqual(['by cause']);
    });

    it('come with spans only where they tell of exceptions', async () => {
      await bench.store().write({
        spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1), name: 'span' }])],
        records: [],
        logs: [
          spanBatch([
            { traceId: traceId(1), spanId: spanId(1), name: 'line', kind: LogKind.line },
            { traceId: traceId(1), spanId: spanId(1), name: 'exception', ...exception },
          ]),
        ],
      });
      const { spans, logs } = await bench.store().find({ traceIds: [traceId(1)], limit: 10 });
      expect(spanRows(spans).map(({ name }) => name)).toEqual(['span']);
      expect(spanRows(logs).map(({ name }) => name)).toEqual(['exception']);
    });

    it('are cut to the newest, which is said where logs were looked among alone', async () => {
      await write(
        ...[1, 2, 3].map((n) => ({
          traceId: traceId(1),
          spanId: spanId(n),
          start: SOME_TIME + BigInt(n),
          name: `line ${n}`,
          ...exception,
        })),
      );
      const cut = await bench.store().find({ traceIds: [traceId(1)], among: 'logs', limit: 2 });
      expect(spanRows(cut.logs).map(({ name }) => name)).toEqual(['line 2', 'line 3']);
      expect(cut.more).toBe(true);
      expect((await bench.store().find({ traceIds: [traceId(1)], among: 'logs', limit: 3 })).more).toBe(
        false,
      );
      const beside = await bench.store().find({ traceIds: [traceId(1)], limit: 2 });
      expect([beside.logs.rows, beside.more]).toEqual([2, false]);
    });

    it('arrive where they tell of an exception and name a trace', async () => {
      const store = bench.store();
      await store.write({
        spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1) }])],
        records: [],
      });
      const before = await store.arrivals(null, 100);
      await write(
        { traceId: traceId(2), spanId: spanId(2), name: 'line' },
        { traceId: traceId(1), spanId: spanId(1), name: 'exception', ...exception },
        { traceId: NO_TRACE, spanId: NO_SPAN, name: 'nowhere', keys: [['event', 'e']], ...exception },
      );
      const page = await store.arrivals(before.reached, 100);
      expect(page.arrivals).toEqual([{ traceId: traceId(1), eventId: '' }]);
      const { logs } = await store.arrived(before.reached, page.reached);
      expect(spanRows(logs).map(({ name }) => name)).toContain('exception');
      expect(spanRows(logs).map(({ name }) => name)).not.toContain('line');
      expect(await store.arrivals(page.reached, 100)).toMatchObject({ arrivals: [], more: false });
    });

    it('are counted', async () => {
      await write({ traceId: traceId(1), spanId: spanId(1) }, { traceId: traceId(1), spanId: spanId(2) });
      expect(await bench.store().statistics()).toMatchObject({ spans: 0, records: 0, logs: 2 });
    });

    it('expire with all else', async () => {
      const day = 86_400_000_000_000n;
      const now = BigInt(Date.now()) * 1_000_000n;
      await write(
        { traceId: traceId(1), spanId: spanId(1), start: now - 10n * day },
        { traceId: traceId(1), spanId: spanId(2), start: now },
      );
      await bench.store().expire(now - 5n * day);
      const { logs } = await bench.store().find({ traceIds: [traceId(1)], among: 'logs', limit: 10 });
      expect(spanRows(logs).map((row) => row.spanId)).toEqual([spanId(2)]);
    });
  });
}
