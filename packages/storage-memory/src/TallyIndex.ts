import type { Minute, Tally, TallyCell, TallyQuery, TallySum } from '@upshot/model';
import { compareTallySums, latestExamples, spanOfMinute } from '@upshot/storage';

const NANOS_PER_MINUTE = 60_000_000_000n;

/** Tallies: of each minute the latest version. */
export class TallyIndex {
  private readonly cells = new Map<Minute, TallyCell>();

  add(cells: readonly TallyCell[]): void {
    for (const cell of cells) {
      const known = this.cells.get(cell.minute);
      if (known === undefined || known.version <= cell.version)
        this.cells.set(cell.minute, structuredClone(cell));
    }
  }

  sums({
    kinds,
    since = 0,
    until = Number.POSITIVE_INFINITY,
    every,
    series,
    examples,
  }: TallyQuery): TallySum[] {
    const parts = new Map<string, { readonly minute: Minute; readonly tallies: Tally[] }>();
    const latestFirst = [...this.cells.values()].sort((a, b) => b.minute - a.minute);
    for (const { minute, tallies } of latestFirst) {
      if (minute < since || minute >= until) continue;
      const span = spanOfMinute(minute, every);
      for (const tally of tallies) {
        if (!kinds.includes(tally.kind) || (series && !series.includes(tally.series))) continue;
        const key = JSON.stringify([span, tally.kind, tally.series]);
        const part = parts.get(key);
        if (part) part.tallies.push(tally);
        else parts.set(key, { minute: span, tallies: [tally] });
      }
    }
    return [...parts.values()]
      .map(({ minute, tallies }) => ({
        minute,
        tally: { ...summed(tallies), ...(examples === 'none' ? { examples: [] } : {}) },
      }))
      .sort(compareTallySums);
  }

  expire(before: bigint): void {
    for (const minute of this.cells.keys())
      if (BigInt(minute + 1) * NANOS_PER_MINUTE <= before) this.cells.delete(minute);
  }

  clear(): void {
    this.cells.clear();
  }
}

/** Of one series, the latest first. */
function summed(tallies: readonly Tally[]): Tally {
  const { kind, series, firstUnixNano, lastUnixNano } = tallies[0]!;
  const sum = { kind, series, firstUnixNano, lastUnixNano };
  const counts = new Map<number, number>();
  for (const tally of tallies) {
    if (tally.firstUnixNano < sum.firstUnixNano) sum.firstUnixNano = tally.firstUnixNano;
    if (tally.lastUnixNano > sum.lastUnixNano) sum.lastUnixNano = tally.lastUnixNano;
    for (const [number, count] of tally.counts)
      if (count > 0) counts.set(number, (counts.get(number) ?? 0) + count);
  }
  return { ...sum, examples: latestExamples(tallies.map(({ examples }) => examples)), counts };
}
