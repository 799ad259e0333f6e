import type { Tally } from '@upshot/model';
import type { PackedContribution } from './Contribution.js';

/** Workflows whose keys a series names. */
const EXAMPLES = 3;
/** Series of one minute: a sender that puts IDs into names must not fill the store. What comes beyond is not counted. */
const MOST_SERIES = 5_000;
/** What is kept in memory of each, bytes: measured over 200 minutes of 20 workflows, and one minute of 4,000. A part is what one workflow adds to one series. */
const BYTES = { workflow: 250, part: 100, series: 900 };

interface Workflow {
  readonly timeUnixNano: bigint;
  readonly key: string;
}

/** A minute may hold a hundred thousand of them: no names of its own, and counts in one flat array. */
interface Counted extends Workflow {
  readonly parts: readonly { readonly into: Series; readonly counts: readonly number[] }[];
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
  private parts = 0;

  /** About how much memory it takes, bytes. */
  get bytes(): number {
    return this.workflows.size * BYTES.workflow + this.parts * BYTES.part + this.series.size * BYTES.series;
  }

  /** What a workflow contributes from now on; null: it begins here no more. */
  set(
    id: string,
    counted: (Workflow & { readonly contributions: readonly PackedContribution[] }) | null,
  ): void {
    const before = this.workflows.get(id);
    if (before !== undefined) this.takeBack(id, before);
    if (counted === null) {
      this.workflows.delete(id);
      return;
    }
    const { timeUnixNano, key, contributions } = counted;
    const parts = contributions.map(([kind, series, counts]) => ({
      into: this.seriesOf(kind, series),
      counts,
    }));
    this.workflows.set(id, { timeUnixNano, key, parts });
    this.parts += parts.length;
    for (const { into, counts } of parts) {
      add(into.counts, counts, 1);
      into.members.add(id);
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

  private seriesOf(kind: string, series: string): Series {
    const name = nameOf({ kind, series });
    let into = this.series.get(name);
    if (into === undefined) {
      into = { kind, series, counts: new Map(), members: new Set() };
      this.series.set(name, into);
    }
    return into;
  }

  private takeBack(id: string, { parts }: Counted): void {
    this.parts -= parts.length;
    for (const { into, counts } of parts) {
      add(into.counts, counts, -1);
      into.members.delete(id);
      if (into.members.size === 0) this.series.delete(nameOf(into));
    }
  }
}

function nameOf({ kind, series }: Pick<Series, 'kind' | 'series'>): string {
  return `${kind} ${series}`;
}

function add(sums: Map<number, number>, counts: readonly number[], sign: 1 | -1): void {
  for (let at = 0; at + 1 < counts.length; at += 2) {
    const counter = counts[at]!;
    const sum = (sums.get(counter) ?? 0) + sign * counts[at + 1]!;
    if (sum === 0) sums.delete(counter);
    else sums.set(counter, sum);
  }
}

/** Newest first; ties by key, so that the order of arrival decides nothing. */
function isNewer(a: Counted, b: Counted): boolean {
  return a.timeUnixNano === b.timeUnixNano ? a.key < b.key : a.timeUnixNano > b.timeUnixNano;
}
