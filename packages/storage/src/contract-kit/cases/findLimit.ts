import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, SOME_TIME, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

/** Ten spans of one correlation ID, a second apart, written in no order and in two batches. */
const SPANS = [3, 8, 0, 5, 9, 1, 7, 2, 6, 4].map(
  (n): KitSpan => ({
    traceId: traceId(n + 1),
    spanId: spanId(n + 1),
    start: SOME_TIME + BigInt(n) * 1_000_000_000n,
    keys: [['correlation', 'c']],
  }),
);

export function findLimitCases(bench: Bench): void {
  describe('a look-up with a limit', () => {
    const write = async () => {
      await bench.store().write({ spans: [spanBatch(SPANS.slice(0, 6))], records: [] });
      await bench.store().write({ spans: [spanBatch(SPANS.slice(6))], records: [] });
    };

    it('cuts off the oldest spans, and says so', async () => {
      await write();
      const { spans, more } = await bench.store().find({ correlationIds: ['c'], limit: 4 });
      expect(more).toBe(true);
      expect(spanRows(spans).map(({ start }) => (start - SOME_TIME) / 1_000_000_000n)).toEqual([
        6n,
        7n,
        8n,
        9n,
      ]);
    });

    it('is whole where it holds just as many', async () => {
      await write();
      const { spans, more } = await bench.store().find({ correlationIds: ['c'], limit: 10 });
      expect({ rows: spans.rows, more }).toEqual({ rows: 10, more: false });
    });

    it('cuts over several kinds of key together', async () => {
      await write();
      const traceIds = SPANS.slice(0, 5).map((span) => span.traceId);
      const { spans, more } = await bench.store().find({ correlationIds: ['c'], traceIds, limit: 1 });
      expect(more).toBe(true);
      expect(spanRows(spans).map((row) => row.traceId)).toEqual([traceId(10)]);
    });

    it('cuts over thousands of IDs together', async () => {
      await write();
      const eventIds = Array.from({ length: 30_000 }, (_, n) => `absent-${n}`);
      const { spans, more } = await bench.store().find({ correlationIds: ['c'], eventIds, limit: 3 });
      expect(more).toBe(true);
      expect(spanRows(spans).map((row) => row.traceId)).toEqual([8, 9, 10].map(traceId));
    });

    it('counts records apart from spans', async () => {
      await write();
      const records = Array.from({ length: 5 }, (_, n) =>
        storedRecord({ eventId: `e${n}`, correlationId: 'c', time: SOME_TIME + BigInt(n) }),
      );
      await bench.store().write({ spans: [], records });
      const whole = await bench.store().find({ correlationIds: ['c'], limit: 10 });
      expect({ spans: whole.spans.rows, records: whole.records.length, more: whole.more }).toEqual({
        spans: 10,
        records: 5,
        more: false,
      });
      const cut = await bench.store().find({ eventIds: ['e0', 'e1', 'e2', 'e3', 'e4'], limit: 2 });
      expect(cut.more).toBe(true);
      expect(cut.records.map(({ record }) => record.eventId).sort()).toEqual(['e3', 'e4']);
    });
  });
}
