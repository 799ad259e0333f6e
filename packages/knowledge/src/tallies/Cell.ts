import type { Tally } from '@upshot/model';
import type { PackedContribution } from './Contribution.js';
import { ContributionLog } from './ContributionLog.js';
import { type Member, Series } from './Series.js';

/** Series of one minute: a sender that puts IDs into names must not fill the store. What comes beyond is not counted. */
const MOST_SERIES = 5_000;
/** Of each in memory beside the log: an ID, a key and two numbers; two texts and some fifty sums. */
const BYTES = { workflow: 280, series: 3_000 };

interface Counted extends Member {
  /** Where what it contributes begins in the log. */
  place: number;
}

/**
 * One minute of event time: the workflows that begin in it, and the sums of what they contribute. A function of the set of workflows alone: the order in
 * which they come, how often they come, and what they said before makes no difference.
 */
export class Cell {
  private readonly workflows = new Map<string, Counted>();
  private readonly series = new Map<string, Series>();
  private log = new ContributionLog();

  /** About how much memory it takes, bytes. */
  get bytes(): number {
    return this.workflows.size * BYTES.workflow + this.series.size * BYTES.series + this.log.bytes;
  }

  /** What a workflow contributes from now on; null: it begins here no more. */
  set(
    id: string,
    counted: (Member & { readonly contributions: readonly PackedContribution[] }) | null,
  ): void {
    const before = this.workflows.get(id);
    const { timeUnixNano, key, contributions } = counted ?? { contributions: [] };
    const stays = before !== undefined && before.timeUnixNano === timeUnixNano && before.key === key;
    const left = before === undefined ? [] : this.takeBack(before);
    if (!stays && before !== undefined) {
      for (const series of left) this.leave(series, before);
      this.workflows.delete(id);
    }
    if (counted === null) return;
    const joined = contributions.map(([kind, series, counts]) => ({
      series: this.seriesOf(kind, series),
      counts,
    }));
    const place = this.log.add(joined);
    const workflow = stays ? before : { timeUnixNano: counted.timeUnixNano, key: counted.key, place };
    workflow.place = place;
    this.workflows.set(id, workflow);
    const had = new Set(stays ? left : []);
    for (const { series, counts } of joined) {
      series.add(counts);
      if (!had.delete(series)) series.join(workflow);
    }
    for (const series of had) this.leave(series, workflow);
    if (this.log.isMostlyDropped) this.pack();
  }

  tallies(): Tally[] {
    const names = [...this.series.keys()].sort().slice(0, MOST_SERIES);
    const told = names.map((name) => this.series.get(name)!);
    this.lookAgain(new Set(told.filter((series) => series.isUnsure)));
    return told.map((series) => series.tally());
  }

  /** Whose first or newest workflow has left: found anew among all that are here. */
  private lookAgain(unsure: ReadonlySet<Series>): void {
    if (unsure.size === 0) return;
    for (const series of unsure) series.forget();
    for (const workflow of this.workflows.values())
      for (const { series } of this.log.read(workflow.place)) if (unsure.has(series)) series.see(workflow);
  }

  private takeBack({ place }: Counted): Series[] {
    const left: Series[] = [];
    for (const { series, counts } of this.log.read(place)) {
      series.subtract(counts);
      left.push(series);
    }
    this.log.drop(place);
    return left;
  }

  private leave(series: Series, workflow: Counted): void {
    series.leave(workflow);
    if (series.members > 0) return;
    this.series.delete(nameOf(series));
    this.log.retire(series);
  }

  private seriesOf(kind: string, name: string): Series {
    const key = nameOf({ kind, name });
    let series = this.series.get(key);
    if (series === undefined) {
      series = new Series(kind, name);
      this.series.set(key, series);
    }
    return series;
  }

  /** Writes the log anew without what was dropped from it. */
  private pack(): void {
    const log = new ContributionLog();
    for (const workflow of this.workflows.values())
      workflow.place = log.add([...this.log.read(workflow.place)]);
    this.log = log;
  }
}

function nameOf({ kind, name }: Pick<Series, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}
