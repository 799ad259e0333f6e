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
  return contributions.map(({ kind, series, counts }) => {
    const packed: number[] = [];
    // Not by the map's iterator, which makes an array of each: this runs for each series of each workflow.
    counts.forEach((by, counter) => {
      packed.push(counter, by);
    });
    return [kind, series, packed];
  });
}

/** One series of what a workflow contributes. */
class Entry implements Contribution {
  readonly counts = new Map<number, number>();

  constructor(
    readonly kind: string,
    readonly series: string,
  ) {}

  /** Counts so much more. */
  grow(counter: number, by: number): void {
    if (by !== 0) this.counts.set(counter, (this.counts.get(counter) ?? 0) + by);
  }
}

/** Gathers what a workflow contributes: many like branches are one entry of each series. */
export class Contributions {
  private readonly kinds = new Map<string, Map<string, Entry>>();

  /** The entry of a series, and whether it is there only since now. */
  of(kind: string, series: string): { readonly entry: Entry; readonly isNew: boolean } {
    let entries = this.kinds.get(kind);
    if (entries === undefined) {
      entries = new Map();
      this.kinds.set(kind, entries);
    }
    const known = entries.get(series);
    if (known !== undefined) return { entry: known, isNew: false };
    const entry = new Entry(kind, series);
    entries.set(series, entry);
    return { entry, isNew: true };
  }

  add(kind: string, series: string, counts: Iterable<readonly [counter: number, by: number]>): void {
    const { entry } = this.of(kind, series);
    for (const [counter, by] of counts) entry.grow(counter, by);
  }

  all(): Contribution[] {
    return [...this.kinds.values()].flatMap((entries) => [...entries.values()]);
  }
}
