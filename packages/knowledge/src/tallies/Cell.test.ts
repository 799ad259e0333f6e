import { describe, expect, it } from 'vitest';
import { Cell } from './Cell.js';
import type { PackedContribution } from './Contribution.js';

const SEED = 20_261_126;

interface Said {
  readonly timeUnixNano: bigint;
  readonly key: string;
  readonly contributions: readonly PackedContribution[];
}

/** A small generator of its own, so that a failure can be had again. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function tallied(workflows: ReadonlyMap<string, Said>): unknown[] {
  const series = new Map<string, { members: Said[]; counts: Map<number, number> }>();
  for (const said of workflows.values())
    for (const [kind, name, counts] of said.contributions) {
      const of = series.get(`${kind} ${name}`) ?? {
        members: [] as Said[],
        counts: new Map<number, number>(),
      };
      series.set(`${kind} ${name}`, of);
      of.members.push(said);
      for (let at = 0; at < counts.length; at += 2)
        of.counts.set(counts[at]!, (of.counts.get(counts[at]!) ?? 0) + counts[at + 1]!);
    }
  return [...series]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { members, counts }]) => {
      members.sort((a, b) =>
        a.timeUnixNano === b.timeUnixNano
          ? a.key < b.key
            ? -1
            : 1
          : a.timeUnixNano > b.timeUnixNano
            ? -1
            : 1,
      );
      return [
        name,
        members.at(-1)!.timeUnixNano,
        members[0]!.timeUnixNano,
        [...new Set(members.slice(0, 3).map(({ key }) => key))],
        [...counts].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b),
      ];
    });
}

describe('Cell', () => {
  it('comes to the same whatever was said before', () => {
    const below = randomBelow(SEED);
    const cell = new Cell();
    const workflows = new Map<string, Said>();
    for (let step = 0; step < 6_000; step++) {
      const id = `id-${below(60)}`;
      if (below(6) === 0) {
        cell.set(id, null);
        workflows.delete(id);
      } else {
        const contributions = ['a', 'b', 'c', 'd', 'é']
          .filter(() => below(2) === 0)
          .map((name): PackedContribution => {
            const counters = [1, 2, 10_000 + below(2_000)];
            return ['hop', name, counters.flatMap((counter) => [counter, 1 + below(200_000)])];
          });
        const known = workflows.get(id);
        const said =
          known !== undefined && below(2) === 0
            ? { ...known, contributions }
            : { timeUnixNano: BigInt(1_000 + below(40)), key: `order-${below(50)}`, contributions };
        cell.set(id, said);
        workflows.set(id, said);
      }
      if (step % 50 === 0)
        expect(
          cell
            .tallies()
            .map(({ kind, series, firstUnixNano, lastUnixNano, examples, counts }) => [
              `${kind} ${series}`,
              firstUnixNano,
              lastUnixNano,
              examples,
              [...counts],
            ]),
          `seed ${SEED}, step ${step}`,
        ).toEqual(tallied(workflows));
    }
  });

  it('keeps its sums when what it holds is written anew', () => {
    const cell = new Cell();
    const contributions = (n: number): PackedContribution[] =>
      Array.from({ length: 20 }, (_, series) => ['hop', `s-${series}`, [1, 1, 10_000 + series, n]]);
    for (let n = 1; n <= 30; n++)
      for (let id = 0; id < 500; id++)
        cell.set(`id-${id}`, { timeUnixNano: BigInt(id), key: `k-${id}`, contributions: contributions(n) });
    expect(cell.bytes).toBeLessThan(3_000_000);
    const tallies = cell.tallies();
    expect(tallies.map(({ counts }) => counts.get(1))).toEqual(Array(20).fill(500));
    expect(tallies[0]!.counts.get(10_000)).toBe(500 * 30);
    for (let id = 0; id < 500; id++) cell.set(`id-${id}`, null);
    expect(cell.tallies()).toEqual([]);
  });
});
