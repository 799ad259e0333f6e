import type { Minute, TallyQuery, TallySum } from '@upshot/model';
import { spanOfMinute } from '@upshot/storage';
import type { Engine } from '../../engine/Engine.js';
import { addUp } from './addUp.js';
import { HourSums } from './HourSums.js';
import type { PackedSum } from './PackedSum.js';
import { SumReader } from './SumReader.js';

const HOUR = 60;
/** Sums of an hour with a hundred hops are some 150 KB: three weeks of it. */
const MOST_BYTES = 64 * 2 ** 20;
/** Hours that are read at a time: decoding a day of them takes some 20 ms, in which nothing else is done. */
const HOURS_A_READ = 24;
/** Beyond so many hours that have to be read, they are not kept: a range of years would drop what is asked for every day. */
const MOST_HOURS = 24 * 31;

/**
 * Sums of tallies over any range. Summing the counters of days takes the engine a second, so sums of whole hours are kept in memory, each under a mark of what
 * counts in it, and the engine is asked for marks, for hours that changed, and for what lies outside of whole hours.
 */
export class TallyReader {
  private readonly reader: SumReader;
  private readonly kept = new HourSums(MOST_BYTES);

  constructor(engine: Engine) {
    this.reader = new SumReader(engine);
  }

  async read(query: TallyQuery): Promise<TallySum[]> {
    // Without a kind are the heads of cells.
    const kinds = [...new Set(query.kinds)].filter((kind) => kind !== '').sort();
    if (kinds.length === 0 || query.series?.length === 0) return [];
    const parts = (await this.byHours({ ...query, kinds })) ?? (await this.reader.read({ ...query, kinds }));
    return addUp(parts, query);
  }

  /** Forgets what is kept: for whoever removes tallies. */
  clear(): void {
    this.kept.clear();
  }

  /** Null where hours are of no use. */
  private async byHours(query: TallyQuery): Promise<PackedSum[] | null> {
    const { kinds, since = 0, until = Number.POSITIVE_INFINITY, series, examples } = query;
    const step = stepOf(query.every);
    if (series !== undefined || step === null || until - since <= HOUR) return null;
    const wanted = { kinds, every: step, examples };
    const [marks, ...outside] = await Promise.all([
      this.reader.marks(query, HOUR),
      ...edgesOf(since, until).map((edge) => this.reader.read({ ...wanted, ...edge })),
    ]);
    const parts = outside.flat();
    const runs = new Runs();
    for (const [hour, mark] of marks) {
      if (hour < since || hour + HOUR > until) continue;
      const kept = kinds.map((kind) => this.kept.get({ kind, hour, step }, mark, examples !== 'none'));
      if (kept.includes(null)) {
        runs.add(hour);
        continue;
      }
      runs.end();
      for (const sums of kept) parts.push(...sums!);
    }
    if (runs.hours > MOST_HOURS) return null;
    for (const run of runs.all) parts.push(...(await this.readHours({ ...wanted, ...run }, step, marks)));
    return parts;
  }

  /** Reads whole hours, and keeps those in which nothing changed meanwhile. */
  private async readHours(
    query: TallyQuery & Range,
    step: number,
    marks: ReadonlyMap<Minute, bigint>,
  ): Promise<PackedSum[]> {
    const { kinds, examples } = query;
    const sums = await this.reader.read(query);
    const after = await this.reader.marks(query, HOUR);
    const parts = new Map<string, PackedSum[]>();
    for (const sum of sums) {
      const name = nameOf(sum.kind, spanOfMinute(sum.span, HOUR));
      const others = parts.get(name);
      if (others === undefined) parts.set(name, [sum]);
      else others.push(sum);
    }
    for (const [hour, mark] of after)
      if (marks.get(hour) === mark)
        for (const kind of kinds)
          this.kept.put({ kind, hour, step }, mark, examples !== 'none', parts.get(nameOf(kind, hour)) ?? []);
    return sums;
  }
}

/** Minutes of the sums that an hour is made of, where spans of `every` minutes are asked for; null where such spans cross the ends of hours. */
function stepOf(every: number | undefined): number | null {
  if (every === undefined || every % HOUR === 0) return HOUR;
  return HOUR % every === 0 ? every : null;
}

/** What lies outside of whole hours, of a range of more than one. */
function edgesOf(since: Minute, until: Minute): Range[] {
  const [first, last] = [Math.ceil(since / HOUR) * HOUR, Math.floor(until / HOUR) * HOUR];
  const edges = [
    { since, until: first },
    { since: last, until },
  ];
  return edges.filter((edge) => edge.since < edge.until);
}

function nameOf(kind: string, hour: Minute): string {
  return `${hour} ${kind}`;
}

/** Minutes from `since` to before `until`. */
interface Range {
  readonly since: Minute;
  readonly until: Minute;
}

/** Hours to be read, so many at a time. Between those of one run there may be others in which there is nothing. */
class Runs {
  readonly all: { since: Minute; until: Minute }[] = [];
  hours = 0;
  private inLast = 0;

  /** Later than all before. */
  add(hour: Minute): void {
    const last = this.all.at(-1);
    this.hours++;
    if (last === undefined || this.inLast === 0 || this.inLast === HOURS_A_READ) {
      this.all.push({ since: hour, until: hour + HOUR });
      this.inLast = 1;
      return;
    }
    last.until = hour + HOUR;
    this.inLast++;
  }

  /** What comes next must not be read with what is there. */
  end(): void {
    this.inLast = 0;
  }
}
