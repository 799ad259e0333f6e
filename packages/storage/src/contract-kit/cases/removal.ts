import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { NO_ROWS } from '../../rows/newestSpans.js';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { rollUp } from '../rollUp.js';
import { SOME_TIME, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

const TAIL = new Uint8Array([26, 1, 65]);
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const NOTHING = { spans: [], instead: NO_ROWS, records: [], logs: [] };

export function removalCases(bench: Bench): void {
  const spansOf = async (trace: number) =>
    spanRows((await bench.store().find({ traceIds: [traceId(trace)], limit: 100 })).spans);

  describe('removal', () => {
    it('takes spans, records and logs away for good, and leaves all others', async () => {
      const store = bench.store();
      const records = ['r1', 'r2'].map((eventId) => storedRecord({ eventId, correlationId: 'c' }));
      await store.write({
        spans: [
          spanBatch([
            { traceId: traceId(1), spanId: spanId(1), keys: [['event', 'e1']] },
            { traceId: traceId(1), spanId: spanId(2) },
            { traceId: traceId(2), spanId: spanId(1) },
          ]),
        ],
        records,
        logs: [
          spanBatch([
            { traceId: traceId(1), spanId: spanId(1), start: SOME_TIME, kind: 1, name: 'goes', tail: TAIL },
            { traceId: traceId(1), spanId: spanId(1), start: SOME_TIME, name: 'stays as well' },
            { traceId: traceId(1), spanId: spanId(1), start: SOME_TIME + 1n, name: 'stays' },
            { traceId: '0'.repeat(32), spanId: '0'.repeat(16), start: SOME_TIME, keys: [['event', 'e1']] },
          ]),
        ],
      });
      // Told twice, as a sender does that heard no answer.
      await store.write({ spans: [spanBatch([{ traceId: traceId(1), spanId: spanId(1) }])], records: [] });
      for (let time = 0; time < 2; time++) {
        await bench.store().remove({
          spans: [{ traceId: traceId(1), spanId: spanId(1) }],
          instead: NO_ROWS,
          records: [records[0]!.identity],
          logs: [
            { traceId: traceId(1), spanId: spanId(1), timeUnixNano: SOME_TIME, tailMd5: md5(TAIL) },
            { traceId: '', spanId: '', timeUnixNano: SOME_TIME, tailMd5: md5(new Uint8Array()) },
          ],
        });
      }
      for (let time = 0; time < 2; time++) {
        expect((await spansOf(1)).map((row) => row.spanId)).toEqual([spanId(2)]);
        expect((await spansOf(2)).map((row) => row.spanId)).toEqual([spanId(1)]);
        const found = await bench.store().find({ eventIds: ['e1'], correlationIds: ['c'], limit: 100 });
        expect(found.spans.rows).toBe(0);
        expect(found.records.map(({ record }) => record.eventId)).toEqual(['r2']);
        const { logs } = await bench
          .store()
          .find({ traceIds: [traceId(1)], eventIds: ['e1'], among: 'logs', limit: 100 });
        expect(spanRows(logs).map(({ name }) => name)).toEqual(['stays as well', 'stays']);
        const { spans } = await bench.store().arrived(null, 2n ** 64n - 1n);
        expect(spanRows(spans).map((row) => row.spanId)).toEqual([spanId(2), spanId(1)]);
        await bench.restart();
      }
    });

    it('leaves what stands in for a span', async () => {
      const shared = { traceId: traceId(1), spanId: spanId(1) };
      await bench.store().write({
        spans: [
          spanBatch([
            {
              ...shared,
              name: 'batch',
              keys: [
                ['event', 'mine'],
                ['event', 'yours'],
              ],
            },
          ]),
        ],
        records: [],
      });
      const instead = spanBatch([{ ...shared, name: 'batch', keys: [['event', 'yours']] }]);
      await bench.store().remove({ ...NOTHING, spans: [shared], instead });
      await bench.restart();
      expect(await spansOf(1)).toEqual(spanRows(instead));
      expect((await bench.store().find({ eventIds: ['mine'], limit: 10 })).spans.rows).toBe(0);
      expect((await bench.store().find({ eventIds: ['yours'], limit: 10 })).spans.rows).toBe(1);
    });

    it('takes many at once, and any text for an ID', async () => {
      const all = Array.from({ length: 2_500 }, (_, n) => ({ traceId: traceId(1), spanId: spanId(n + 1) }));
      await bench
        .store()
        .write({ spans: [spanBatch([...all, { traceId: traceId(2), spanId: spanId(1) }])], records: [] });
      await bench
        .store()
        .remove({ ...NOTHING, spans: [...all, { traceId: "')", spanId: '' }], records: ["' OR 1"] });
      expect((await spansOf(1)).length).toBe(0);
      expect((await spansOf(2)).length).toBe(1);
    });

    it('finds what is written again afterwards', async () => {
      const span = { traceId: traceId(1), spanId: spanId(1) };
      await bench.store().write({ spans: [spanBatch([span])], records: [] });
      await bench.store().remove({ ...NOTHING, spans: [span] });
      await bench.store().write({ spans: [spanBatch([span])], records: [] });
      expect((await spansOf(1)).length).toBe(1);
    });

    it('of notes leaves the latest version', async () => {
      const store = bench.store();
      const note = rollUp({
        n: 1,
        id: 'a'.repeat(16),
        timeUnixNano: SOME_TIME,
        key: 'person_1',
        version: 1n,
      });
      const other = rollUp({
        n: 2,
        id: 'b'.repeat(16),
        timeUnixNano: SOME_TIME,
        key: 'person_2',
        version: 1n,
      });
      await store.writeRollUps([note, other]);
      await store.writeRollUps([
        { ...note, version: 5n, gone: true, key: '', row: '', lesson: '', facets: [] },
      ]);
      await store.removeNotes({
        places: [{ timeUnixNano: SOME_TIME, id: note.id }],
        minutes: [Number(SOME_TIME / 60_000_000_000n)],
        before: 5n,
      });
      await bench.restart();
      expect((await bench.store().rollUps({ limit: 10 })).map(({ key }) => key)).toEqual(['person_2']);
      expect((await bench.store().rollUps({ limit: 10, gone: true })).map(({ key }) => key).sort()).toEqual([
        '',
        'person_2',
      ]);
    });
  });
}
