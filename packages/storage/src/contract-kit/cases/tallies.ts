import type { Minute, Tally, TallyCell, TallyQuery } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { SOME_TIME } from '../spanBatch.js';

const MINUTE_NANOS = 60_000_000_000n;
const M = Number(SOME_TIME / MINUTE_NANOS);

/** A tally of a minute; what it leaves out is filled in. */
function tally(minute: Minute, given: Partial<Tally> = {}): Tally {
  const time = BigInt(minute) * MINUTE_NANOS;
  return {
    kind: 'hop',
    series: '["a"]',
    firstUnixNano: time + 1n,
    lastUnixNano: time + 2n,
    examples: [`order_${minute}`],
    counts: new Map([[1, 1]]),
    ...given,
  };
}

function cell(minute: Minute, version: bigint, ...tallies: readonly Partial<Tally>[]): TallyCell {
  return { minute, version, tallies: tallies.map((given) => tally(minute, given)) };
}

export function talliesCases(bench: Bench): void {
  const write = (...cells: readonly TallyCell[]) => bench.store().writeTallies(cells);
  const sums = (query: Partial<TallyQuery> = {}) => bench.store().tallies({ kinds: ['hop'], ...query });
  /** Minute from M, series, and the counter number 1. */
  const counted = async (query: Partial<TallyQuery> = {}) =>
    (await sums(query)).map(({ minute, tally: of }) => [
      minute === 0 ? 0 : minute - M,
      of.series,
      of.counts.get(1),
    ]);

  describe('tallies', () => {
    it('come back as they were', async () => {
      const hostile = `["é'\\\\\u0000\u202e😀", null, "line\\nbreak"]`;
      const one = tally(M, {
        series: hostile,
        firstUnixNano: 0n,
        lastUnixNano: 2n ** 64n - 1n,
        examples: ['z', hostile, ''],
        counts: new Map([
          [-(2 ** 31), 1],
          [-1, 2],
          [0, 3],
          [2 ** 31 - 1, 2 ** 53 - 1],
        ]),
      });
      const other = tally(M, { series: '', examples: [], counts: new Map() });
      await write({ minute: M, version: 5n, tallies: [one, other] });
      await bench.restart();
      expect(await sums()).toEqual([
        { minute: 0, tally: other },
        { minute: 0, tally: one },
      ]);
    });

    it('are summed over minutes: counters, first, last, the latest examples', async () => {
      await write(
        cell(M, 1n, {
          examples: ['a', 'b', 'c'],
          counts: new Map([
            [1, 5],
            [2, 7],
          ]),
        }),
        cell(M + 2, 1n, {
          examples: ['e', 'd'],
          counts: new Map([
            [1, 1],
            [3, 1],
          ]),
        }),
      );
      await write(
        cell(M + 1, 1n, {
          examples: ['d', 'c', 'x'],
          counts: new Map([
            [2, 2],
            [1, 3],
          ]),
        }),
      );
      expect(await sums()).toEqual([
        {
          minute: 0,
          tally: {
            kind: 'hop',
            series: '["a"]',
            firstUnixNano: BigInt(M) * MINUTE_NANOS + 1n,
            lastUnixNano: BigInt(M + 2) * MINUTE_NANOS + 2n,
            examples: ['e', 'd', 'c'],
            counts: new Map([
              [1, 9],
              [2, 9],
              [3, 1],
            ]),
          },
        },
      ]);
    });

    it('come without examples where none are wanted, and with them when asked again', async () => {
      await write(cell(M - 90, 1n, {}), cell(M, 1n, {}), cell(M + 1, 1n, {}));
      for (const range of [{}, { since: M - 200, until: M + 200 }]) {
        expect((await sums({ ...range, examples: 'none' })).map(({ tally: of }) => of.examples)).toEqual([
          [],
        ]);
        expect((await sums(range)).map(({ tally: of }) => [of.examples, of.counts.get(1)])).toEqual([
          [[`order_${M + 1}`, `order_${M}`, `order_${M - 90}`], 3],
        ]);
        expect((await sums({ ...range, examples: 'none' }))[0]!.tally.counts.get(1)).toBe(3);
      }
    });

    it('leave out counters that are 0', async () => {
      await write(
        cell(M, 1n, {
          counts: new Map([
            [1, 0],
            [2, 1],
          ]),
        }),
      );
      expect((await sums())[0]!.tally.counts).toEqual(new Map([[2, 1]]));
    });

    it('are summed by spans of minutes, counted from minute 0', async () => {
      const start = M - (M % 10);
      const of = (n: number) => ({ counts: new Map([[1, n]]) });
      await write(cell(start, 1n, of(1)), cell(start + 9, 1n, of(2)), cell(start + 10, 1n, of(4)));
      const by = async (every: number, query = {}) =>
        (await sums({ every, ...query })).map(({ minute, tally: { counts } }) => [
          minute - start,
          counts.get(1),
        ]);
      expect(await by(10)).toEqual([
        [0, 3],
        [10, 4],
      ]);
      expect(await by(1)).toEqual([
        [0, 1],
        [9, 2],
        [10, 4],
      ]);
      expect(await by(10, { since: start + 1 })).toEqual([
        [0, 2],
        [10, 4],
      ]);
    });

    it('come by minute, kind and series, of the kinds asked for', async () => {
      await write(
        cell(M, 1n, { kind: 'publish' }, { series: '["b"]' }, { kind: 'finding' }, { series: '["a"]' }),
        cell(M + 1, 1n, { kind: 'publish' }),
      );
      const of = async (kinds: string[], every?: number) =>
        (await sums({ kinds, every })).map(({ minute, tally: { kind, series } }) => [
          minute && minute - M,
          kind,
          series,
        ]);
      expect(await of(['publish', 'hop'])).toEqual([
        [0, 'hop', '["a"]'],
        [0, 'hop', '["b"]'],
        [0, 'publish', '["a"]'],
      ]);
      expect(await of(['publish', 'hop'], 1)).toEqual([
        [0, 'hop', '["a"]'],
        [0, 'hop', '["b"]'],
        [0, 'publish', '["a"]'],
        [1, 'publish', '["a"]'],
      ]);
      expect(await of([])).toEqual([]);
      expect(await of(['convention'])).toEqual([]);
    });

    it('are those of the range and of the series asked for', async () => {
      for (let n = 0; n < 4; n++) await write(cell(M + n, 1n, { series: '["a"]' }, { series: '["b"]' }));
      expect(await counted({ since: M + 1, until: M + 3, series: ['["a"]'] })).toEqual([[0, '["a"]', 2]]);
      expect(await counted({ since: M + 3 })).toEqual([
        [0, '["a"]', 1],
        [0, '["b"]', 1],
      ]);
      expect(await counted({ until: M + 3, series: ['["b"]', '["c"]'] })).toEqual([[0, '["b"]', 3]]);
      expect(await counted({ since: M + 4 })).toEqual([]);
      expect(await counted({ until: 0 })).toEqual([]);
      expect(await counted({ series: [] })).toEqual([]);
    });

    it('of a minute are replaced as a whole: a series that is not there any more is gone', async () => {
      await write(cell(M, 1n, { series: 'a' }, { series: 'b' }), cell(M + 1, 1n, { series: 'b' }));
      await write(cell(M, 2n, { series: 'a', counts: new Map([[1, 10]]) }));
      expect(await counted({ every: 1 })).toEqual([
        [0, 'a', 10],
        [1, 'b', 1],
      ]);
      await bench.restart();
      expect(await counted()).toEqual([
        [0, 'a', 10],
        [0, 'b', 1],
      ]);
    });

    it('of a minute can be cleared', async () => {
      await write(cell(M, 1n, { series: 'a' }), cell(M + 1, 1n, { series: 'a' }));
      await write(cell(M, 2n));
      expect(await counted({ every: 1 })).toEqual([[1, 'a', 1]]);
      await write(cell(M, 3n, { series: 'c' }));
      expect(await counted({ every: 1 })).toEqual([
        [0, 'c', 1],
        [1, 'a', 1],
      ]);
    });

    it('of an older version change nothing', async () => {
      await write(cell(M, 5n, { series: 'a' }));
      await write(cell(M, 4n, { series: 'a', counts: new Map([[1, 100]]) }, { series: 'old' }));
      await write(cell(M, 3n));
      expect(await counted()).toEqual([[0, 'a', 1]]);
      await write(cell(M + 1, 6n), cell(M + 1, 5n, { series: 'old' }));
      expect(await counted()).toEqual([[0, 'a', 1]]);
    });

    it('may be written again, and count once', async () => {
      for (let time = 0; time < 3; time++) await write(cell(M, 5n, { series: 'a' }, { series: 'b' }));
      expect(await counted()).toEqual([
        [0, 'a', 1],
        [0, 'b', 1],
      ]);
      await write(cell(M, 5n, { series: 'a', counts: new Map([[1, 2]]) }));
      expect(await counted()).toEqual([[0, 'a', 2]]);
    });

    it('take a write of nothing, and any minute', async () => {
      await write();
      const last = Number((2n ** 64n - 1n) / MINUTE_NANOS);
      await write(...[0, 1, M, last].map((minute) => cell(minute, 1n, {})));
      expect((await sums({ every: 1 })).map(({ minute }) => minute)).toEqual([0, 1, M, last]);
      expect((await sums({ since: 1, until: last }))[0]!.tally.counts.get(1)).toBe(2);
      expect((await sums({ since: -1, until: Number.MAX_SAFE_INTEGER }))[0]!.tally.counts.get(1)).toBe(4);
    });

    it('are right in every range and step, asked again after minutes of it have changed', async () => {
      const first = M - (M % 60) - 25;
      const counts = new Map<Minute, number>();
      const put = async (minute: Minute, count: number, version: bigint) => {
        counts.set(minute, count);
        await write(
          cell(
            minute,
            version,
            ...(count === 0 ? [] : [{ counts: new Map([[1, count]]) }, { kind: 'publish' }]),
          ),
        );
      };
      const expected = (since: Minute, until: Minute, every: number) => {
        const spans = new Map<Minute, number>();
        for (const [minute, count] of counts) {
          if (count === 0 || minute < since || minute >= until) continue;
          const span = minute - (minute % every);
          spans.set(span, (spans.get(span) ?? 0) + count);
        }
        return [...spans].sort(([a], [b]) => a - b);
      };
      const check = async () => {
        const ranges = [
          [first, first + 400],
          [first + 10, first + 211],
          [first + 25, first + 205],
          [first - 60, first + 40],
        ] as const;
        for (const [since, until] of ranges) {
          for (const every of [60, 15, 7, 120]) {
            const found = await sums({ since, until, every });
            expect(
              found.map(({ minute, tally: of }) => [minute, of.counts.get(1)]),
              `${since - first} to ${until - first} by ${every}`,
            ).toEqual(expected(since, until, every));
          }
          const both = await sums({ since, until, kinds: ['publish', 'hop'] });
          expect(both.map(({ tally: { kind, counts: of } }) => [kind, of.get(1)])).toEqual([
            ['hop', expected(since, until, 1).reduce((sum, [, count]) => sum + count, 0)],
            ['publish', expected(since, until, 1).length],
          ]);
          expect(both[0]!.tally.examples.length).toBeGreaterThan(0);
        }
      };
      for (let n = 0; n < 240; n += 5) await put(first + n, n + 1, 1n);
      await check();
      await check();
      await put(first + 100, 5_000, 2n);
      await put(first + 130, 0, 2n);
      await check();
      await put(first + 101, 7, 1n);
      await check();
      await bench.store().clearRollUps();
      counts.clear();
      expect(await sums({ since: first, until: first + 400 })).toEqual([]);
    }, 60_000);

    it('take many minutes and series', async () => {
      const series = Array.from({ length: 40 }, (_, n) => ({ series: `["s", ${n}]` }));
      const minutes = Array.from({ length: 500 }, (_, n) => M - n * 120);
      await write(...minutes.map((minute) => cell(minute, 1n, ...series)));
      const all = await sums();
      expect(all.length).toBe(40);
      for (const { tally: of } of all) {
        expect(of.counts).toEqual(new Map([[1, 500]]));
        expect(of.examples).toEqual([0, 1, 2].map((n) => `order_${M - n * 120}`));
      }
    }, 30_000);
  });
}
