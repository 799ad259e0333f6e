import { decodeLogs, decodeSpans, earlier, type Found, type Lookup, type Span } from '@upshot/model';
import { MAX_ROOTS_OF_CORRELATION } from '../graph/part/Partition.js';
import type { Rows } from '../interpret/readRows.js';
import { AtHand } from './AtHand.js';
import { climb } from './Climb.js';
import { countBeginnings } from './countBeginnings.js';
import { Newest } from './Newest.js';
import { dominantTrace, partedAtoms, pieces, sameKey } from './parts.js';
import { type Atom, atomKey, lookupOf, Wanted } from './Wanted.js';

/** Rows of one look-up; more, and its parts are asked one by one. */
const LOOKUP_LIMIT = 120_000;
/** The same where a correlation ID is among what is asked for: enough to tell a workflow from a tenant. */
const CORRELATION_LIMIT = 20_000;
/** Rows of one collection: beyond it the answer says that it is truncated. */
export const MAX_ROWS = 250_000;
/**
 * Rows that are kept of one thing which has more than may be fetched: the newest. More than an answer shows by default (20,000 nodes), and assembled in a second
 * or two: what is cut anyway must not cost as much as what is whole.
 */
const KEPT_OF_CUT = 30_000;

/** Traces of a large workflow that are asked for at once. */
const MOST_TRACES = 5_000;

/**
 * By how much the clocks of two services, or the order of a consumer and its producer, may differ where what follows is looked for near what it follows
 * from: 60 s. Clocks that differ by more are a finding where they meet, and a question that is asked about one workflow looks at any age.
 */
export const NEAR_NANO = 60_000_000_000n;

/** Why rows are not all there are. */
export type Cut = 'row-limit' | 'round-limit' | 'time-limit';

/** Fetches the rows that are wanted, in look-ups of bounded size. */
export class Fetching {
  readonly wanted = new Wanted();
  /** Traces with more rows than may be fetched: their spans are asked for one by one. */
  readonly largeTraces = new Set<string>();
  /** Correlation IDs with more rows than were fetched at first → whether all that may be fetched were asked for, and came. */
  readonly overflowing = new Map<string, 'some' | 'most' | 'all'>();
  readonly unavailable = new Set<string>();
  cut: Cut | null = null;
  /** The trace that alone has more rows than may be fetched. */
  cutBy: string | null = null;
  private readonly atHand = new AtHand();
  private readonly newest = new Newest();
  private earliest: bigint | null = null;
  private readonly seeded = new Set<string>();
  /** What the question itself names: of that a part is shown, however much there is. */
  private readonly named = new Set<string>();
  private hasClimbed = false;

  /** `near`, `orNone`: see `Collection`. */
  constructor(
    private readonly rows: Rows,
    private readonly near: boolean,
    private readonly orNone: boolean,
  ) {}

  seed(spans: readonly Span[], records: Found['records'], whole: ReadonlySet<string>): void {
    for (const { traceId } of spans) if (whole.has(traceId)) this.seeded.add(traceId);
    if (this.near) this.noteEarliest(spans, records);
    this.rows.add(spans, records, []);
  }

  begin(fill: (wanted: Wanted) => void): void {
    fill(this.wanted);
    for (const atom of this.wanted.open()) this.named.add(atomKey(atom));
  }

  /** Asks for all that is wanted; returns how many rows are new. */
  *fetch(): Generator<Lookup, number, Found> {
    const before = this.rows.size;
    const open = pieces(this.wanted.take(), this.near);
    for (let atoms = open.pop(); atoms !== undefined && this.cut === null; atoms = open.pop()) {
      const since = this.sinceOf(atoms);
      const until = this.newest.untilOf(atoms);
      const found: Found = yield lookupOf(atoms, this.limitOf(atoms), since, until, this.atHand);
      this.note(found);
      if (!found.more) {
        this.take(decodeSpans(found.spans, this.isWanted), found);
        this.settle(atoms, since === null && found.unavailable.length === 0);
        if (atoms.length === 1 && atoms[0]!.kind === 'correlationIds' && this.overflowing.has(atoms[0]!.id))
          open.push(...this.tracesOfLarge());
      } else open.push(...this.takeCut(atoms, found));
      if (this.rows.size > MAX_ROWS) this.cut = 'row-limit';
      if (found.late === true) this.cut ??= 'time-limit';
    }
    if (this.cut === 'row-limit' && !this.hasClimbed && !this.orNone) {
      this.hasClimbed = true;
      yield* climb(this.rows, (found) => this.note(found));
    }
    return this.rows.size - before;
  }

  /** Takes what came of a look-up that had more; returns what to ask instead. */
  private takeCut(atoms: readonly Atom[], found: Found): Atom[][] {
    const isFirst = atoms.some((atom) => this.isFirstAsked(atom));
    const rest = this.besideOneKey(atoms);
    if (atoms.length > 1 && rest === null)
      return partedAtoms(atoms, (atom) => this.isFirstAsked(atom), dominantTrace(found.spans));
    const [atom] = atoms;
    // Of a trace that only passes through the answer its members ask for what is around them.
    const isPassedThrough =
      atoms.length === 1 && atom!.kind === 'traceIds' && !this.named.has(atomKey(atom!));
    if (isPassedThrough) {
      this.largeTraces.add(atom!.id);
      return [];
    }
    const kept = isFirst ? CORRELATION_LIMIT : KEPT_OF_CUT;
    const spans = decodeSpans(found.spans, this.isWanted, kept);
    const records = found.records.slice(0, kept);
    if (found.unavailable.length === 0 && isFirst) this.newest.note(atoms, spans, found);
    const beginnings = countBeginnings(spans, records);
    this.take(spans, { ...found, records });
    if (rest === null) this.overflow(atom!, beginnings);
    const more = this.largeWorkflow(beginnings);
    return [...(rest === null ? [] : [rest]), ...(more === null ? [] : [[more]])];
  }

  /**
   * The traces of a large workflow, as soon as all is there that carries its correlation ID: each of its spans would ask for its trace, after a graph of all of them had
   * been assembled for that alone.
   */
  private tracesOfLarge(): Atom[][] {
    const traceIds = new Set(this.rows.reported().map(({ traceId }) => traceId));
    if (traceIds.size > MOST_TRACES) return [];
    for (const traceId of traceIds) if (!this.seeded.has(traceId)) this.wanted.want('traceIds', traceId);
    return pieces(this.wanted.take(), this.near);
  }

  private take(spans: readonly Span[], { records, logs }: Pick<Found, 'records' | 'logs'>): void {
    if (this.near) this.noteEarliest(spans, records);
    this.rows.add(spans, records, decodeLogs(logs));
  }

  private note({ unavailable }: Found): void {
    for (const part of unavailable) this.unavailable.add(part);
  }

  private readonly isWanted = (traceId: string): boolean => !this.seeded.has(traceId);

  private sinceOf(atoms: readonly Atom[]): bigint | null {
    if (this.earliest === null || atoms.some(({ reach }) => reach === 'far')) return null;
    return this.earliest > NEAR_NANO ? this.earliest - NEAR_NANO : null;
  }

  private noteEarliest(spans: readonly Span[], records: Found['records']): void {
    for (const { startTimeUnixNano } of spans)
      this.earliest = earlier(this.earliest ?? startTimeUnixNano, startTimeUnixNano);
    for (const { timeUnixNano } of records)
      this.earliest = earlier(this.earliest ?? timeUnixNano, timeUnixNano);
  }

  /**
   * The first look-up tries one ID as every kind there is. Where that brings too much it is most often a correlation's: what came of that
   * is kept, and the rest is asked for alone. Null where it is not that look-up.
   */
  private besideOneKey(atoms: readonly Atom[]): Atom[] | null {
    const first = atoms.find((atom) => this.isFirstAsked(atom));
    if (first === undefined) return null;
    const rest = atoms.filter(({ kind }) => kind !== 'correlationIds');
    const isOneKey =
      rest.length > 0 && rest.length === atoms.length - 1 && rest.every(({ id }) => sameKey(id, first.id));
    if (!isOneKey) return null;
    this.overflow(first, 0);
    return rest;
  }

  /** Nothing was cut off. `areAll`: nor left out for any other reason. */
  private settle(atoms: readonly Atom[], areAll: boolean): void {
    for (const { kind, id } of atoms) {
      if (kind === 'correlationIds' && this.overflowing.has(id)) this.overflowing.set(id, 'all');
      if (!areAll) continue;
      if (kind === 'traceIds') this.atHand.traceIds.add(id);
      else if (kind === 'correlationIds') this.atHand.correlationIds.add(id);
    }
  }

  /** The correlation ID that was just found to have more rows, where these do not look like many actions: no graph is needed to tell. */
  private largeWorkflow(beginnings: number): Atom | null {
    const last = [...this.overflowing].at(-1);
    if (last === undefined || last[1] !== 'some' || beginnings > MAX_ROOTS_OF_CORRELATION) return null;
    return { kind: 'correlationIds', id: last[0], reach: 'far' };
  }

  /** One thing alone has more rows than a look-up may bring. */
  private overflow(atom: Atom, beginnings: number): void {
    if (atom.kind !== 'correlationIds') {
      if (atom.kind === 'traceIds') this.cutBy = atom.id;
      this.cut = 'row-limit';
    } else if (!this.overflowing.has(atom.id)) this.overflowing.set(atom.id, 'some');
    else {
      this.overflowing.set(atom.id, 'most');
      // One workflow, and too large. Of what turns out to be many actions no more is needed.
      if (beginnings <= MAX_ROOTS_OF_CORRELATION) this.cut = 'row-limit';
    }
  }

  private limitOf(atoms: readonly Atom[]): number {
    return atoms.some((atom) => this.isFirstAsked(atom)) ? CORRELATION_LIMIT : LOOKUP_LIMIT;
  }

  private isFirstAsked({ kind, id }: Atom): boolean {
    return kind === 'correlationIds' && !this.overflowing.has(id);
  }
}
