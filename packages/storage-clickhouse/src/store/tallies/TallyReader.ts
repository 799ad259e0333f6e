import type { Minute, TallyQuery, TallySum } from '@upshot/model';
import { spanOfMinute } from '@upshot/storage';
import type { Engine } from '../../engine/Engine.js';
import { addUp, packUp } from './addUp.js';
import { KeptSums } from './KeptSums.js';
import type { PackedSum } from './PackedSum.js';
import { type Range, Runs } from './Runs.js';
import { SumReader } from './SumReader.js';

const HOUR = 60;
/** What is added up and kept beside hours, in minutes, the longest first; each is parted into some of the next. Without them a month is 720 hours to add up for each question. */
const WIDTHS = [1_440, 240, HOUR] as const;
/** Sums of an hour with a hundred hops are some 150 KB: two weeks of it. */
const MOST_BYTES = 64 * 2 ** 20;
/** Beyond so many hours that have to be read, they are not kept: a range of years would drop what is asked for every day. */
const MOST_HOURS = 24 * 31;

/**
 * Sums of tallies over any range. Summing the counters of days takes the engine a second, so sums of whole hours, and of some hours together, are kept in memory, each under
 * a mark of what counts in it, and the engine is asked for marks, for hours that changed, and for what lies outside of whole hours.
 */
export class TallyReader {
  private readonly reader: SumReader;
  private readonly kept = new KeptSums(MOST_BYTES);

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
    const whole = [...marks].filter(([hour]) => hour >= since && hour + HOUR <= until);
    const { parts, runs } = this.atHand(whole, { ...query, since, until }, step);
    if (runs.hours > MOST_HOURS) return null;
    for (const run of runs.all) parts.push(...(await this.readHours({ ...wanted, ...run }, step, marks)));
    return [...outside.flat(), ...parts];
  }

  /** What is kept of these hours, in the order of time, in as few parts as there are; and what is not. */
  private atHand(hours: readonly Marked[], query: TallyQuery & Range, step: number): AtHand {
    const { kinds, every } = query;
    const exemplified = query.examples !== 'none';
    const runs = new Runs();
    const newest = hours.at(-1)?.[0] ?? 0;
    const widths = WIDTHS.filter((width) => width === HOUR || (every ?? 1_440) % width === 0);
    /** The sums of what lies in one span of time; null where some had to be left to be read: what was there is found then. */
    const take = (marked: readonly Marked[], from: Minute, level: number): PackedSum[] | null => {
      const width = widths[level]!;
      const isWhole = from >= query.since && from + width <= query.until;
      // The mark of an hour is a sum over its minutes.
      const mark = BigInt.asUintN(
        64,
        marked.reduce((sum, [, one]) => sum + one, 0n),
      );
      if (isWhole) {
        const kept = kinds.map((kind) => this.kept.get({ kind, from, width, step }, mark, exemplified));
        if (!kept.includes(null)) {
          runs.end();
          return kept.flatMap((sums) => sums!);
        }
      }
      if (level + 1 === widths.length) {
        runs.add(from);
        return null;
      }
      let isAtHand = true;
      const sums: PackedSum[] = [];
      for (const [start, of] of byWidth(marked, widths[level + 1]!)) {
        const inner = take(of, start, level + 1);
        if (inner === null) isAtHand = false;
        else for (const sum of inner) sums.push(sum);
      }
      if (!isAtHand) {
        found.push(...sums);
        return null;
      }
      // What is under way changes with every minute.
      if (!isWhole || from + width > newest) return sums;
      const together = packUp(sums, width);
      for (const kind of kinds)
        this.kept.put(
          { kind, from, width, step },
          mark,
          exemplified,
          together.filter((sum) => sum.kind === kind),
        );
      return together;
    };
    const found: PackedSum[] = [];
    for (const [start, of] of byWidth(hours, widths[0]!)) found.push(...(take(of, start, 0) ?? []));
    return { parts: found, runs };
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
          this.kept.put(
            { kind, from: hour, width: HOUR, step },
            mark,
            examples !== 'none',
            parts.get(nameOf(kind, hour)) ?? [],
          );
    return sums;
  }
}

/** An hour and its mark. */
type Marked = readonly [hour: Minute, mark: bigint];

interface AtHand {
  readonly parts: PackedSum[];
  /** What has to be read. */
  readonly runs: Runs;
}

/** Those hours that lie in one span of so many minutes, by where it begins. */
function byWidth(hours: readonly Marked[], width: number): Map<Minute, Marked[]> {
  const spans = new Map<Minute, Marked[]>();
  for (const one of hours) {
    const start = spanOfMinute(one[0], width);
    const others = spans.get(start);
    if (others === undefined) spans.set(start, [one]);
    else others.push(one);
  }
  return spans;
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
