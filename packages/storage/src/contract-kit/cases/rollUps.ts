import type { RollUp, RollUpQuery } from '@upshot/model';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { type KitRollUp, placeId, rollUp } from '../rollUp.js';
import { SOME_TIME } from '../spanBatch.js';

const SECOND = 1_000_000_000n;
const numbersTo = (end: number) => Array.from({ length: end }, (_, n) => n);

export function rollUpsCases(bench: Bench): void {
  const write = (...notes: readonly KitRollUp[]) => bench.store().writeRollUps(notes.map(rollUp));
  const placesOf = (notes: readonly RollUp[]) => notes.map(({ id }) => Number.parseInt(id, 16));
  const find = async (query: Partial<RollUpQuery> = {}) =>
    placesOf(await bench.store().rollUps({ limit: 1000, ...query }));

  describe('notes of workflows', () => {
    it('come back as they were', async () => {
      const hostile = 'é\u0000\'"\\\n\u202e😀';
      const notes = [
        rollUp({ n: 3 }),
        rollUp({
          n: 2,
          id: 'ffeeddccbbaa9988',
          version: 2n ** 64n - 1n,
          key: hostile,
          status: 'failed',
          changesAtUnixNano: SOME_TIME + 5n,
          facets: [`event:${hostile}`, 'consumer:billing', ''],
          row: JSON.stringify({ hostile, long: 'x'.repeat(100_000) }),
          lesson: hostile,
        }),
        rollUp({ n: 1, changesAtUnixNano: 0n, version: 0n, key: '', row: '', lesson: '' }),
      ];
      await bench.store().writeRollUps(notes);
      await bench.restart();
      const found = await bench.store().rollUps({ limit: 10 });
      expect(found.map((note) => ({ ...note, facets: note.facets.toSorted() }))).toEqual(
        notes.map((note) => ({ ...note, facets: note.facets.toSorted() })),
      );
    });

    it('stand in their latest version, whatever the order of writing', async () => {
      const of = (version: bigint, n = 1) => ({ n, version, key: `v${version}` });
      await write(of(2n));
      await write(of(3n), of(1n));
      await write(of(2n), of(7n, 2), of(9n, 2), of(8n, 2));
      await bench.restart();
      await write(of(1n));
      const found = await bench.store().rollUps({ limit: 10 });
      expect(found.map(({ key }) => key)).toEqual(['v9', 'v3']);
    });

    it('with one ID and different times are of different places', async () => {
      await write({ n: 1 }, { n: 2, id: placeId(1), version: 1n });
      await bench.restart();
      expect(await find()).toEqual([1, 1]);
      await write({ n: 1, version: SOME_TIME + 1n, gone: true });
      expect((await bench.store().rollUps({ limit: 10 })).map(({ key }) => key)).toEqual(['order_2']);
    });

    it('may be written again', async () => {
      for (let time = 0; time < 3; time++) await write({ n: 1 }, { n: 2 }, { n: 1 });
      expect(await find()).toEqual([2, 1]);
    });

    it('hide where no workflow begins any more, unless asked for', async () => {
      const gone = { n: 2, version: SOME_TIME + 1n, gone: true, key: '', row: '', lesson: '' };
      await write({ n: 1 }, { n: 2, facets: ['event:a'] }, { n: 3 });
      await write(gone);
      expect(await find()).toEqual([3, 1]);
      expect(await find({ facets: ['event:a'] })).toEqual([]);
      expect(await find({ gone: true })).toEqual([3, 2, 1]);
      const [, shown] = await bench.store().rollUps({ gone: true, limit: 10 });
      expect(shown).toEqual(rollUp(gone));
      await write({ n: 2, version: SOME_TIME + 2n });
      expect(await find()).toEqual([3, 2, 1]);
    });

    it('take a write of nothing, and a limit of none', async () => {
      await write();
      expect(await find()).toEqual([]);
      await write({ n: 1 });
      expect(await find({ limit: 0 })).toEqual([]);
    });

    it('take any time, and list them in order', async () => {
      const times = [0n, 1n, SOME_TIME, BigInt(Date.now()) * 1_000_000n, 2n ** 63n, 2n ** 64n - 1n];
      await write(...times.map((timeUnixNano, n) => ({ n, timeUnixNano })));
      expect(await find()).toEqual([5, 4, 3, 2, 1, 0]);
      expect(await find({ limit: 2 })).toEqual([5, 4]);
      expect(await find({ before: 2n ** 64n - 1n })).toEqual([4, 3, 2, 1, 0]);
      expect(await find({ before: 1n })).toEqual([0]);
      expect(await find({ before: 0n })).toEqual([]);
      expect(await find({ since: 2n ** 64n - 1n })).toEqual([5]);
      expect(await find({ since: 2n ** 64n })).toEqual([]);
      expect(await find({ before: 2n ** 70n, since: -5n })).toEqual([5, 4, 3, 2, 1, 0]);
    });

    it('take times that spread over many days at once', async () => {
      const day = 86_400n * SECOND;
      const today = BigInt(Date.now()) * 1_000_000n;
      await write(...numbersTo(200).map((n) => ({ n, timeUnixNano: today - BigInt(200 - n) * day })));
      expect(await find()).toEqual(numbersTo(200).reverse());
    });
  });

  describe('pages of notes', () => {
    /** Three at each moment, an hour or a second apart. */
    const timeOf = (n: number) => SOME_TIME + BigInt(Math.floor(n / 3)) * (n < 30 ? SECOND : 3600n * SECOND);

    it('neither skip nor repeat, at equal times neither', async () => {
      const numbers = numbersTo(60);
      await write(...numbers.filter((n) => n % 2 === 0).map((n) => ({ n, timeUnixNano: timeOf(n) })));
      await write(...numbers.filter((n) => n % 2 === 1).map((n) => ({ n, timeUnixNano: timeOf(n) })));
      await write(...numbers.map((n) => ({ n, timeUnixNano: timeOf(n), version: 1n })));
      for (const limit of [1, 4, 7, 60]) {
        const found: number[] = [];
        for (let behind: RollUpQuery['behind']; ; ) {
          const page = await bench.store().rollUps({ limit, ...(behind === undefined ? {} : { behind }) });
          found.push(...placesOf(page));
          if (page.length < limit) break;
          behind = page.at(-1)!;
        }
        expect(found).toEqual(numbers.toReversed());
      }
    });

    it('go on behind a place that is none', async () => {
      await write({ n: 1 }, { n: 2 }, { n: 3 });
      const behind = { timeUnixNano: SOME_TIME + 2n * SECOND, id: placeId(0) };
      expect(await find({ behind })).toEqual([1]);
      expect(await find({ behind: { timeUnixNano: 0n, id: placeId(0) } })).toEqual([]);
    });
  });

  describe('notes at some moments', () => {
    it('are found among all others, in their latest version', async () => {
      const timeOf = (n: number) => SOME_TIME + BigInt(Math.floor(n / 2)) * 3600n * SECOND;
      await write(...numbersTo(200).map((n) => ({ n, timeUnixNano: timeOf(n) })));
      await write({ n: 6, timeUnixNano: timeOf(6), version: SOME_TIME + 9n, gone: true, facets: [] });
      const times = [timeOf(6), timeOf(120), timeOf(6) + 1n, 0n];
      expect(await find({ times })).toEqual([121, 120, 7]);
      expect(await find({ times, gone: true, limit: 3 })).toEqual([121, 120, 7]);
      expect(await find({ times, gone: true })).toEqual([121, 120, 7, 6]);
      expect(await find({ times, since: timeOf(6), before: timeOf(120) })).toEqual([7]);
      expect(await find({ times: [] })).toEqual([]);
      const many = numbersTo(2_000).map((n) => SOME_TIME + BigInt(n) * 1800n * SECOND);
      expect(await find({ times: many })).toHaveLength(199);
    });
  });

  describe('notes that a query asks for', () => {
    beforeEach(async () => {
      await write(
        { n: 1, facets: ['event:a', 'consumer:x'], status: 'failed' },
        { n: 2, facets: ['event:a', 'consumer:y'], status: 'in-progress', changesAtUnixNano: SOME_TIME + 9n },
        { n: 3, facets: ['event:b', 'consumer:x'], status: 'retrying', changesAtUnixNano: SOME_TIME + 20n },
        { n: 4, facets: ['event:a', 'consumer:x', 'event:b'], status: 'completed', version: SOME_TIME + 4n },
      );
      // What replaces a version takes its facets and its state away; an older version gives none.
      await write(
        { n: 5, facets: ['event:a'], status: 'failed', version: SOME_TIME },
        { n: 5, facets: ['event:c'], status: 'in-progress', version: SOME_TIME + 5n },
        { n: 4, facets: ['event:z'], status: 'stuck', version: SOME_TIME + 3n },
      );
    });

    it('have each of the facets', async () => {
      expect(await find({ facets: ['event:a'] })).toEqual([4, 2, 1]);
      expect(await find({ facets: ['event:a', 'consumer:x'] })).toEqual([4, 1]);
      expect(await find({ facets: ['consumer:x', 'event:a', 'event:b', 'event:b'] })).toEqual([4]);
      expect(await find({ facets: ['event:z'] })).toEqual([]);
      expect(await find({ facets: ['event:'] })).toEqual([]);
      expect(await find({ facets: [] })).toEqual([5, 4, 3, 2, 1]);
    });

    it('have one of the states, or may have come to it by now', async () => {
      const at = (now: bigint, ...any: RollUp['status'][]) => ({ statuses: { any, nowUnixNano: now } });
      expect(await find(at(0n, 'failed'))).toEqual([1]);
      expect(await find(at(0n, 'failed', 'completed'))).toEqual([4, 1]);
      expect(await find(at(SOME_TIME + 8n, 'failed'))).toEqual([1]);
      expect(await find(at(SOME_TIME + 9n, 'failed'))).toEqual([2, 1]);
      expect(await find(at(2n ** 64n - 1n, 'failed'))).toEqual([3, 2, 1]);
      expect(await find(at(2n ** 64n - 1n))).toEqual([3, 2]);
      expect(await find(at(0n))).toEqual([]);
    });

    it('are newer than a version', async () => {
      expect(await find({ newerThan: SOME_TIME })).toEqual([5, 4]);
      expect(await find({ newerThan: SOME_TIME + 4n })).toEqual([5]);
      expect(await find({ newerThan: SOME_TIME + 5n })).toEqual([]);
      expect(await find({ newerThan: -1n })).toEqual([5, 4, 3, 2, 1]);
    });

    it('began since one moment and before another', async () => {
      const at = (n: number) => SOME_TIME + BigInt(n) * SECOND;
      expect(await find({ since: at(2), before: at(4) })).toEqual([3, 2]);
      expect(await find({ since: at(2), before: at(2) })).toEqual([]);
      expect(await find({ since: at(4) + 1n })).toEqual([5]);
    });

    it('meet all of it, up to the limit', async () => {
      const statuses = { any: ['failed', 'in-progress'] as const, nowUnixNano: 0n };
      expect(await find({ facets: ['event:a'], statuses })).toEqual([2, 1]);
      expect(await find({ facets: ['event:a'], statuses, limit: 1 })).toEqual([2]);
      expect(await find({ facets: ['event:a'], newerThan: SOME_TIME })).toEqual([4]);
      const behind = { timeUnixNano: SOME_TIME + 2n * SECOND, id: placeId(2) };
      expect(await find({ facets: ['event:a'], statuses, behind })).toEqual([1]);
    });
  });

  describe('counts of notes', () => {
    it('are by span of time and by state as of a moment, of the latest version of each place', async () => {
      const at = (seconds: number) => SOME_TIME + BigInt(seconds) * SECOND;
      await write(
        { n: 1, timeUnixNano: at(0), status: 'completed' },
        { n: 2, timeUnixNano: at(9), status: 'retrying', changesAtUnixNano: at(100) },
        {
          n: 3,
          timeUnixNano: at(10),
          status: 'in-progress',
          changesAtUnixNano: at(200),
          facets: ['event:a'],
        },
        { n: 4, timeUnixNano: at(11), status: 'failed', version: 1n, facets: ['event:a'] },
        { n: 4, timeUnixNano: at(11), status: 'completed', version: 2n, facets: ['event:a', 'event:b'] },
        { n: 5, timeUnixNano: at(12), gone: true },
        { n: 6, timeUnixNano: at(20), status: 'failed' },
      );
      const counts = async (nowSeconds: number, facets?: readonly string[]) => {
        const found = await bench.store().countRollUps({
          since: at(0),
          until: at(20),
          width: 10n * SECOND,
          nowUnixNano: at(nowSeconds),
          ...(facets === undefined ? {} : { facets }),
        });
        return found.map(({ span, status, count }) => `${span} ${status} ${count}`).sort();
      };
      expect(await counts(50)).toEqual(['0 completed 1', '0 retrying 1', '1 completed 1', '1 in-progress 1']);
      expect(await counts(100)).toEqual(['0 completed 1', '0 failed 1', '1 completed 1', '1 in-progress 1']);
      expect(await counts(200)).toEqual(['0 completed 1', '0 failed 1', '1 completed 1', '1 stuck 1']);
      expect(await counts(50, ['event:a'])).toEqual(['1 completed 1', '1 in-progress 1']);
      expect(await counts(50, ['event:a', 'event:b'])).toEqual(['1 completed 1']);
      expect(await counts(50, ['event:c'])).toEqual([]);
    });
  });

  describe('many notes', () => {
    it('are found where few match', async () => {
      await write(
        ...numbersTo(5000).map((n) => ({
          n,
          timeUnixNano: SOME_TIME + BigInt(n) * 10n * SECOND,
          status: n % 1000 === 7 ? ('failed' as const) : ('completed' as const),
          facets: [`event:${n % 500}`],
        })),
      );
      await write(
        ...numbersTo(5000).map((n) => ({
          n,
          timeUnixNano: SOME_TIME + BigInt(n) * 10n * SECOND,
          status: 'failed' as const,
          version: 1n,
        })),
      );
      const statuses = { any: ['failed'] as const, nowUnixNano: 0n };
      expect(await find({ statuses })).toEqual([4007, 3007, 2007, 1007, 7]);
      expect(await find({ statuses, limit: 2 })).toEqual([4007, 3007]);
      expect(await find({ facets: ['event:7'], limit: 3 })).toEqual([4507, 4007, 3507]);
      expect(await find({ limit: 10_000 })).toEqual(numbersTo(5000).reverse());
    }, 30_000);
  });
}
