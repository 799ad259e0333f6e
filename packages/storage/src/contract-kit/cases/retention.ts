import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { rollUp } from '../rollUp.js';
import { spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

const DAY = 86_400_000_000_000n;

export function retentionCases(bench: Bench): void {
  describe('expiry', () => {
    /** One span and one record an hour before the end of each of the last ten days; number 0 is today's. */
    const midnight = (BigInt(Date.now()) * 1_000_000n) / DAY;
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    const timeOf = (n: number) => (midnight + 1n - BigInt(n)) * DAY - DAY / 24n;
    const write = async () => {
      await bench.store().write({
        spans: [
          spanBatch(numbers.map((n) => ({ traceId: traceId(n), spanId: spanId(n), start: timeOf(n) }))),
        ],
        records: numbers.map((n) => storedRecord({ eventId: `e${n}`, time: timeOf(n) })),
      });
    };
    const remaining = async () => {
      const { spans, records } = await bench.store().find({
        traceIds: numbers.map(traceId),
        eventIds: numbers.map((n) => `e${n}`),
        limit: 100,
      });
      return {
        spans: spanRows(spans).map((row) => Number.parseInt(row.spanId.slice(-8), 16)),
        records: records.map(({ record }) => Number(record.eventId.slice(1))).sort(),
      };
    };

    it('deletes whole days that ended before, and keeps everything after', async () => {
      await write();
      await bench.store().expire((midnight - 3n) * DAY);
      expect(await remaining()).toEqual({ spans: [0, 1, 2, 3], records: [0, 1, 2, 3] });
      await bench.restart();
      expect(await remaining()).toEqual({ spans: [0, 1, 2, 3], records: [0, 1, 2, 3] });
      expect(await bench.store().statistics()).toMatchObject({ spans: 4, records: 4 });
    });

    it('never deletes what started at or after the moment given', async () => {
      await write();
      await bench.store().expire(timeOf(4));
      const { spans, records } = await remaining();
      expect(spans).toEqual(expect.arrayContaining([0, 1, 2, 3, 4]));
      expect(records).toEqual(expect.arrayContaining([0, 1, 2, 3, 4]));
      expect(spans).not.toContain(9);
    });

    it('deletes notes and tallies of whole days, and keeps everything after', async () => {
      const minuteOf = (n: number) => Number(timeOf(n) / 60_000_000_000n);
      await bench
        .store()
        .writeRollUps(numbers.map((n) => rollUp({ n, timeUnixNano: timeOf(n), version: BigInt(n) })));
      await bench.store().writeTallies(
        numbers.map((n) => ({
          minute: minuteOf(n),
          version: 1n,
          tallies: [
            {
              kind: 'hop',
              series: String(n),
              firstUnixNano: timeOf(n),
              lastUnixNano: timeOf(n),
              examples: [],
              counts: new Map([[1, 1]]),
            },
          ],
        })),
      );
      await bench.store().putDocument('kept', 'text');
      await bench.store().expire((midnight - 3n) * DAY);
      await bench.restart();
      const notes = await bench.store().rollUps({ limit: 100 });
      expect(notes.map(({ id }) => Number.parseInt(id, 16))).toEqual([0, 1, 2, 3]);
      const sums = await bench.store().tallies({ kinds: ['hop'] });
      expect(sums.map(({ tally }) => tally.series)).toEqual(['0', '1', '2', '3']);
      expect(await bench.store().document('kept')).toBe('text');
    });

    it('of nothing deletes nothing, and can be repeated', async () => {
      await write();
      await bench.store().expire(0n);
      await bench.store().expire(0n);
      expect((await remaining()).spans.length).toBe(10);
    });

    it('leaves a store that takes writes', async () => {
      await write();
      await bench.store().expire((midnight + 2n) * DAY);
      expect(await remaining()).toEqual({ spans: [], records: [] });
      await write();
      expect((await remaining()).spans.length).toBe(10);
    });
  });

  it('deletes rows that started long ago', async () => {
    await bench.store().write({
      spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1), start: 5n }])],
      records: [storedRecord({ eventId: 'e1', time: 5n })],
    });
    await bench.store().expire(BigInt(Date.now() + 2 * 86_400_000) * 1_000_000n);
    const { spans, records } = await bench
      .store()
      .find({ traceIds: [traceId(1)], eventIds: ['e1'], limit: 10 });
    expect({ spans: spans.rows, records: records.length }).toEqual({ spans: 0, records: 0 });
  });
}
