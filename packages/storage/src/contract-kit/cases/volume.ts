import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, SOME_TIME, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

export function volumeCases(bench: Bench): void {
  describe('in volume', () => {
    it('takes 100,000 rows at once and finds each trace whole', async () => {
      const batches = Array.from({ length: 200 }, (_, batch) =>
        spanBatch(
          Array.from({ length: 500 }, (_, row): KitSpan => {
            const n = batch * 500 + row;
            return {
              traceId: traceId(n % 10_000),
              spanId: spanId(n),
              start: SOME_TIME + BigInt(n) * 1_000_000n,
              entry: n < 10_000,
              tail: new Uint8Array(200).fill(n & 0xff),
              keys: [
                ['correlation', `order_${n % 10_000}`],
                ['event', 'shared by all'],
              ],
            };
          }),
        ),
      );
      await bench.store().write({ spans: batches, records: [] });
      expect((await bench.store().statistics()).spans).toBe(100_000);
      for (const n of [0, 1, 4_999, 9_999]) {
        const byTrace = await bench.store().find({ traceIds: [traceId(n)], limit: 1000 });
        const byCorrelation = await bench.store().find({ correlationIds: [`order_${n}`], limit: 1000 });
        expect([byTrace.spans.rows, byCorrelation.spans.rows]).toEqual([10, 10]);
      }
      const shared = await bench.store().find({ eventIds: ['shared by all'], limit: 1000 });
      expect({ rows: shared.spans.rows, more: shared.more }).toEqual({ rows: 1000, more: true });
      expect(
        spanRows(shared.spans)
          .map(({ start }) => Number(start - SOME_TIME) / 1e6)
          .sort((a, b) => a - b),
      ).toEqual(Array.from({ length: 1000 }, (_, n) => 99_000 + n));
      const all = await bench.store().find({
        traceIds: Array.from({ length: 10_000 }, (_, n) => traceId(n)),
        limit: 200_000,
      });
      expect({ rows: all.spans.rows, more: all.more }).toEqual({ rows: 100_000, more: false });
      expect((await bench.store().entries({ limit: 20_000 })).length).toBe(10_000);
    }, 60_000);

    it('takes many writes at a time, and reads see those that have resolved', async () => {
      const store = bench.store();
      const one = async (n: number) => {
        await store.write({
          spans: [spanBatch([{ traceId: traceId(n), spanId: spanId(n), keys: [['event', `e${n}`]] }])],
          records: [storedRecord({ eventId: `r${n}` })],
        });
        const { spans, records } = await store.find({ eventIds: [`e${n}`, `r${n}`], limit: 10 });
        return [spans.rows, records.length];
      };
      const seen = await Promise.all(Array.from({ length: 200 }, (_, n) => one(n)));
      expect(seen).toEqual(seen.map(() => [1, 1]));
    }, 60_000);
  });

  describe('statistics', () => {
    it('count spans and records', async () => {
      expect(await bench.store().statistics()).toMatchObject({ spans: 0, records: 0 });
      await bench.store().write({
        spans: [spanBatch([1, 2, 3].map((n) => ({ traceId: traceId(n), spanId: spanId(n) })))],
        records: [storedRecord({ eventId: 'e1' }), storedRecord({ eventId: 'e2' })],
      });
      await bench.restart();
      const { spans, records, bytes } = await bench.store().statistics();
      expect({ spans, records }).toEqual({ spans: 3, records: 2 });
      expect(bytes).toBeGreaterThanOrEqual(0);
    });
  });

  it('takes a write of nothing', async () => {
    await bench.store().write({ spans: [], records: [] });
    await bench.store().write({ spans: [spanBatch([]), spanBatch([])], records: [] });
    await bench.store().write({
      spans: [spanBatch([]), spanBatch([{ traceId: traceId(1), spanId: spanId(1) }])],
      records: [],
    });
    expect(await bench.store().statistics()).toMatchObject({ spans: 1, records: 0 });
  });
}
