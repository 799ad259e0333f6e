import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { SOME_TIME, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

export function findSinceCases(bench: Bench): void {
  describe('a look-up with `since`', () => {
    /** Some are filed under the day of receipt, some where they started; one of them claims the last moment there is. */
    const starts = [0n, 5n, SOME_TIME, SOME_TIME + 9n, BigInt(Date.now()) * 1_000_000n, 2n ** 64n - 1n];

    it('leaves out nothing that started then or later', async () => {
      await bench.store().write({
        spans: [spanBatch(starts.map((start, n) => ({ traceId: traceId(1), spanId: spanId(n + 1), start })))],
        records: starts.map((time, n) => storedRecord({ eventId: `e${n}`, correlationId: 'c', time })),
      });
      for (const since of [0n, ...starts, SOME_TIME + 10n, 2n ** 64n - 2n]) {
        const { spans, records } = await bench
          .store()
          .find({ traceIds: [traceId(1)], correlationIds: ['c'], since, limit: 100 });
        const wanted = starts.filter((start) => start >= since);
        expect(spanRows(spans).map(({ start }) => start)).toEqual(expect.arrayContaining(wanted));
        expect(records.map(({ timeUnixNano }) => timeUnixNano)).toEqual(expect.arrayContaining(wanted));
      }
    });

    it('leaves out nothing that started at its `until` or earlier', async () => {
      await bench.store().write({
        spans: [spanBatch(starts.map((start, n) => ({ traceId: traceId(1), spanId: spanId(n + 1), start })))],
        records: starts.map((time, n) => storedRecord({ eventId: `e${n}`, correlationId: 'c', time })),
      });
      for (const until of starts) {
        const { spans, records } = await bench
          .store()
          .find({ traceIds: [traceId(1)], correlationIds: ['c'], until, limit: 100 });
        const wanted = starts.filter((start) => start <= until);
        expect(spanRows(spans).map(({ start }) => start)).toEqual(expect.arrayContaining(wanted));
        expect(records.map(({ timeUnixNano }) => timeUnixNano)).toEqual(expect.arrayContaining(wanted));
      }
    });

    it('finds no more than matches', async () => {
      await bench.store().write({
        spans: [
          spanBatch([
            { traceId: traceId(1), spanId: spanId(1) },
            { traceId: traceId(2), spanId: spanId(2), keys: [['event', 'e2']] },
            { traceId: traceId(3), spanId: spanId(3) },
          ]),
        ],
        records: [],
      });
      const { spans } = await bench
        .store()
        .find({ traceIds: [traceId(1)], eventIds: ['e2'], since: SOME_TIME, limit: 100 });
      expect(spanRows(spans).map((row) => row.traceId)).toEqual([traceId(1), traceId(2)]);
    });

    it('takes a bound beyond all times', async () => {
      await bench
        .store()
        .write({ spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1) }])], records: [] });
      await bench.store().find({ traceIds: [traceId(1)], eventIds: ['e'], since: 2n ** 64n, limit: 100 });
      const { spans } = await bench.store().find({ traceIds: [traceId(1)], since: -1n, limit: 100 });
      expect(spans.rows).toBe(1);
    });
  });
}
