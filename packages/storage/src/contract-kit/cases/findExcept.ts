import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

export function findExceptCases(bench: Bench): void {
  describe('a look-up with `except`', () => {
    it('leaves out no row but those of the traces and correlations that it names', async () => {
      await bench.store().write({
        spans: [
          spanBatch([
            { traceId: traceId(1), spanId: spanId(1), keys: [['event', 'e']] },
            { traceId: traceId(2), spanId: spanId(2), keys: [['event', 'e']] },
            {
              traceId: traceId(3),
              spanId: spanId(3),
              keys: [
                ['event', 'e'],
                ['correlation', 'c'],
              ],
            },
            {
              traceId: traceId(4),
              spanId: spanId(4),
              keys: [
                ['event', 'e'],
                ['correlation', 'other'],
              ],
            },
          ]),
        ],
        records: [
          storedRecord({ eventId: 'e', traceId: traceId(1), time: 1n }),
          storedRecord({ eventId: 'e', traceId: 'tr_2', correlationId: 'c', time: 2n }),
          storedRecord({ eventId: 'e', traceId: 'tr_3', correlationId: 'other', time: 3n }),
        ],
      });
      const { spans, records } = await bench.store().find({
        eventIds: ['e'],
        except: { traceIds: [traceId(1)], correlationIds: ['c'] },
        limit: 100,
      });
      expect(spanRows(spans).map((row) => row.traceId)).toEqual(
        expect.arrayContaining([traceId(2), traceId(4)]),
      );
      expect(records.map(({ record }) => record.traceId)).toEqual(expect.arrayContaining(['tr_3']));
    });
  });
}
