/** What one workflow adds to one series: the workflow's part of a tally. */
export interface Contribution {
  readonly kind: string;
  /** What distinguishes the series within its kind, as canonical JSON. */
  readonly series: string;
  /** Counters by number. */
  readonly counts: ReadonlyMap<number, number>;
}

/** Contributions as they are kept with the note of a workflow: each counter before what it grows by. */
export type PackedContribution = readonly [kind: string, series: string, counts: readonly number[]];

export function packContributions(contributions: readonly Contribution[]): PackedContribution[] {
  return contributions.map(({ kind, series, counts }) => [kind, series, [...counts].flat()]);
}

/** Gathers what a workflow contributes: many like branches are one entry of each series. */
export class Contributions {
  private readonly entries = new Map<string, { kind: string; series: string; counts: Map<number, number> }>();

  add(kind: string, series: string, counts: Iterable<readonly [counter: number, by: number]>): void {
    const key = `${kind} ${series}`;
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { kind, series, counts: new Map() };
      this.entries.set(key, entry);
    }
    for (const [counter, by] of counts) {
      if (by !== 0) entry.counts.set(counter, (entry.counts.get(counter) ?? 0) + by);
    }
  }

  all(): Contribution[] {
    return [...this.entries.values()];
  }
}
