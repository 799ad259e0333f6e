import type { Tally } from '@upshot/model';
import type { Contribution } from './Contribution.js';

/** Workflows whose keys a series names. */
const EXAMPLES = 3;
/** Series of one minute: a sender that puts IDs into names must not fill the store. What comes beyond is not counted. */
const MOST_SERIES = 5_000;

interface Counted {
  readonly timeUnixNano: bigint;
  readonly key: string;
  readonly contributions: readonly Contribution[];
}

interface Series {
  readonly kind: string;
  readonly series: string;
  readonly counts: Map<number, number>;
  /** IDs of the workflows that contribute. */
  readonly members: Set<string>;
}

/**
 * One minute of event time: the workflows that begin in it, and the sums of what they contribute. A function of the set of workflows alone: the order in
 * which they come, how often they come, and what they said before makes no difference.
 */
export class Cell {
  private readonly workflows = new Map<string, Counted>();
  private readonly series = new Map<string, Series>();

  get size(): number {
    return this.workflows.size;
  }

  /** What a workflow contributes from now on; null: it begins here no more. */
  set(id: string, counted: Counted | null): void {
    const before = this.workflows.get(id);
    if (before !== undefined) this.count(id, before, -1);
    if (counted === null) this.workflows.delete(id);
    else {
      this.workflows.set(id, counted);
      this.count(id, counted, 1);
    }
  }

  tallies(): Tally[] {
    const tallies: Tally[] = [];
    for (const key of [...this.series.keys()].sort()) {
      if (tallies.length === MOST_SERIES) break;
      const { kind, series, counts, members } = this.series.get(key)!;
      const { first, newest } = this.extremes(members);
      tallies.push({
        kind,
        series,
        firstUnixNano: first,
        lastUnixNano: newest[0]!.timeUnixNano,
        examples: [...new Set(newest.map(({ key }) => key))],
        counts: new Map([...counts].sort(([a], [b]) => a - b)),
      });
    }
    return tallies;
  }

  /** In one pass: a busy minute has tens of thousands of workflows, and is told every second. */
  private extremes(members: ReadonlySet<string>): { first: bigint; newest: Counted[] } {
    const newest: Counted[] = [];
    let first: bigint | null = null;
    for (const id of members) {
      const workflow = this.workflows.get(id)!;
      if (first === null || workflow.timeUnixNano < first) first = workflow.timeUnixNano;
      const last = newest.at(-1);
      if (newest.length === EXAMPLES && last !== undefined && isNewer(last, workflow)) continue;
      newest.push(workflow);
      newest.sort((a, b) => (isNewer(a, b) ? -1 : 1));
      newest.length = Math.min(newest.length, EXAMPLES);
    }
    return { first: first!, newest };
  }

  private count(id: string, { contributions }: Counted, sign: 1 | -1): void {
    for (const { kind, series, counts } of contributions) {
      const key = `${kind} ${series}`;
      let into = this.series.get(key);
      if (into === undefined) {
        into = { kind, series, counts: new Map(), members: new Set() };
        this.series.set(key, into);
      }
      for (const [counter, by] of counts) {
        const sum = (into.counts.get(counter) ?? 0) + sign * by;
        if (sum === 0) into.counts.delete(counter);
        else into.counts.set(counter, sum);
      }
      if (sign === 1) into.members.add(id);
      else into.members.delete(id);
      if (into.members.size === 0) this.series.delete(key);
    }
  }
}

/** Newest first; ties by key, so that the order of arrival decides nothing. */
function isNewer(a: Counted, b: Counted): boolean {
  return a.timeUnixNano === b.timeUnixNano ? a.key < b.key : a.timeUnixNano > b.timeUnixNano;
}
