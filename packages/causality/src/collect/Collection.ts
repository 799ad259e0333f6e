import { decodeLogs, decodeSpans, earlier, type Found, type Lookup, later, type Span } from '@upshot/model';
import { buildGraph, type CausalGraph } from '../graph/buildGraph.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import { MAX_ROOTS_OF_CORRELATION, Partition } from '../graph/part/Partition.js';
import { Rows } from '../interpret/readRows.js';
import { AtHand } from './AtHand.js';
import { countBeginnings } from './countBeginnings.js';
import { type Atom, lookupOf, Wanted } from './Wanted.js';
import { wantAroundFolded, wantForDoubts, wantForNode, wantForUnconsumed } from './wantsOf.js';

/** Rows of one look-up; more, and its parts are asked one by one. */
const LOOKUP_LIMIT = 120_000;
/** The same where a correlation ID is among what is asked for: enough to tell a workflow from a tenant. */
const CORRELATION_LIMIT = 20_000;
/** Rows of one collection: beyond it the answer says that it is truncated. */
const MAX_ROWS = 400_000;
/** Look-ups of one collection: a chain of so many hops, each known only by the one before. */
const MAX_ROUNDS = 400;
/** Times are unsigned 64 bits. */
const LAST_TIME = (1n << 64n) - 1n;

/**
 * By how much the clocks of two services, or the order of a consumer and its producer, may differ where what follows is looked for near what it follows
 * from: 60 s. Clocks that differ by more are a finding where they meet, and a question that is asked about one workflow looks at any age.
 */
const NEAR_NANO = 60_000_000_000n;

/** The graph of what has been collected, parted into workflows. */
export interface Collected {
  readonly graph: CausalGraph;
  readonly partition: Partition;
}

/**
 * Collects the rows of workflows by rounds: each round assembles what is at hand, takes the nodes that belong to the answer, and asks for
 * what they may be connected to. A round that brings nothing new is the last; none is spent on confirming.
 */
export class Collection {
  private readonly rows = new Rows();
  private readonly wanted = new Wanted();
  private readonly atHand = new AtHand();
  private readonly largeTraces = new Set<string>();
  private readonly expanded = new Set<string>();
  /** Correlation IDs with more rows than were fetched at first → whether all that may be fetched were asked for, and came. */
  private readonly overflowing = new Map<string, 'some' | 'most' | 'all'>();
  /** Of what had more rows than came, the newest of which came: the start of the oldest of these, by kind and ID. */
  private readonly newerAtHand = new Map<string, bigint>();
  private unavailable = new Set<string>();
  private cut: string | null = null;
  private earliest: bigint | null = null;
  private readonly seeded = new Set<string>();

  /** `near`: what follows from known rows is looked for near them, which is quick where many workflows are collected at once. */
  constructor(private readonly near = false) {}

  /** Rows that are at hand already. `whole`: traces of which these are all the rows there are; looked up again, they bring nothing. */
  seed(spans: readonly Span[], records: Found['records'], whole: ReadonlySet<string>): void {
    for (const { traceId } of spans) if (whole.has(traceId)) this.seeded.add(traceId);
    if (this.near) this.noteEarliest(spans, records);
    this.rows.add(spans, records, []);
  }

  /** Asks for the first rows. */
  begin(fill: (wanted: Wanted) => void): void {
    fill(this.wanted);
  }

  /** Why the rows are not all there are; null where they are. */
  get incomplete(): { reason: string; message: string } | null {
    if (this.unavailable.size > 0) {
      const which = [...this.unavailable].sort().join(', ');
      return {
        reason: 'shard-unavailable',
        message: `A part of the store did not answer (${which}): this may not be all.`,
      };
    }
    return this.cut === null ? null : { reason: this.cut, message: CUT_MESSAGES[this.cut] ?? this.cut };
  }

  /**
   * Rounds until nothing new is wanted. `select` names the nodes of the answer in the graph at hand; null where there are none.
   */
  *run(
    select: (collected: Collected) => Iterable<GraphDraftNode> | null,
  ): Generator<Lookup, Collected, Found> {
    let collected: Collected | null = null;
    let members: ReadonlySet<GraphDraftNode> = new Set();
    let isExpanded = false;
    for (let round = 0; ; round++) {
      const grown = this.wanted.size === 0 ? 0 : yield* this.fetch();
      if (collected === null || grown > 0) collected = this.assemble();
      else if (isExpanded) {
        if (!this.wantsUnconsumed(members)) return collected;
        continue;
      }
      const { graph, partition } = collected;
      // What carries a correlation ID is fetched before what its parts may be connected to: most of that is the same rows.
      isExpanded = !this.wantMoreOf(partition);
      if (!isExpanded) continue;
      members = new Set(select(collected) ?? []);
      for (const node of members) {
        const key = this.expansionKey(node);
        if (this.expanded.has(key)) continue;
        this.expanded.add(key);
        wantForNode(node, this.wanted, partition, this.largeTraces);
      }
      wantAroundFolded(graph, members, this.wanted, this.largeTraces);
      wantForDoubts(graph, members, this.wanted);
      if (this.wanted.size === 0 && !this.wantsUnconsumed(members)) return collected;
      if (this.rows.size > MAX_ROWS) this.cut = 'row-limit';
      else if (round >= MAX_ROUNDS) this.cut = 'round-limit';
      if (this.cut !== null) return collected;
    }
  }

  /** Where many are collected at once, consumers ask for what they consumed. */
  private wantsUnconsumed(members: ReadonlySet<GraphDraftNode>): boolean {
    if (!this.near) wantForUnconsumed(members, this.wanted);
    return this.wanted.size > 0;
  }

  private assemble(): Collected {
    const { readings, fates } = this.rows.read();
    const graph = buildGraph(readings, fates, (traceId) => this.wanted.hasAskedFor(traceId));
    return { graph, partition: new Partition(graph.nodes) };
  }

  /** A node is expanded again when it says more, or when its trace turned out to be large. */
  private expansionKey(node: GraphDraftNode): string {
    const reading = node.type === 'delivery' ? null : node.reading;
    const large = reading !== null && this.largeTraces.has(reading.span.traceId);
    const own = node.type === 'event' ? `${node.eventId}|${node.causationId}|${node.records.length}` : '';
    return `${node.id}|${large}|${own}`;
  }

  private *fetch(): Generator<Lookup, number, Found> {
    let added = 0;
    const taken = this.wanted.take();
    const open: Atom[][] = this.near
      ? [taken.filter(({ reach }) => reach === 'near'), taken.filter(({ reach }) => reach === 'far')].filter(
          ({ length }) => length > 0,
        )
      : [taken];
    for (let atoms = open.pop(); atoms !== undefined; atoms = open.pop()) {
      const since = this.sinceOf(atoms);
      const until = this.untilOf(atoms);
      const found: Found = yield lookupOf(atoms, this.limitOf(atoms), since, until, this.atHand);
      for (const part of found.unavailable) this.unavailable.add(part);
      if (found.more && atoms.length > 1) {
        const rest = this.besideOneKey(atoms);
        if (rest === null) {
          open.push(...this.parted(atoms));
          continue;
        }
        open.push(rest);
      } else if (found.more) this.overflow(atoms[0]!);
      const isAnswered = found.unavailable.length === 0;
      const spans = decodeSpans(found.spans, this.isWanted);
      if (found.more) {
        if (isAnswered) this.noteNewest(atoms, oldestOf(spans, found));
        const large = this.largeWorkflow(spans, found.records);
        if (large !== null) open.push([large]);
      } else this.settle(atoms, since === null && isAnswered);
      if (this.near) this.noteEarliest(spans, found.records);
      added += this.rows.add(spans, found.records, decodeLogs(found.logs));
      if (this.rows.size > MAX_ROWS) break;
    }
    return added;
  }

  private readonly isWanted = (traceId: string): boolean => !this.seeded.has(traceId);

  private sinceOf(atoms: readonly Atom[]): bigint | null {
    if (this.earliest === null || atoms.some(({ reach }) => reach === 'far')) return null;
    return this.earliest > NEAR_NANO ? this.earliest - NEAR_NANO : null;
  }

  private noteNewest(atoms: readonly Atom[], from: bigint): void {
    for (const { kind, id } of atoms) this.newerAtHand.set(`${kind}:${id}`, from);
  }

  private untilOf(atoms: readonly Atom[]): bigint | null {
    let until = 0n;
    for (const { kind, id } of atoms) {
      const from = this.newerAtHand.get(`${kind}:${id}`);
      if (from === undefined) return null;
      until = later(until, from);
    }
    return until;
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
    const isOneKey = rest.length === atoms.length - 1 && rest.every(({ id }) => sameKey(id, first.id));
    if (!isOneKey) return null;
    this.overflow(first);
    return rest;
  }

  /** Too much for one look-up: by halves, but first what is limited to less because a correlation ID stands beside it. */
  private parted(atoms: Atom[]): Atom[][] {
    const some = atoms.filter((atom) => this.isFirstAsked(atom));
    if (some.length === 0 || some.length === atoms.length) {
      const half = atoms.length >> 1;
      return [atoms.slice(0, half), atoms.slice(half)];
    }
    return [some, atoms.filter((atom) => !this.isFirstAsked(atom))];
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
  private largeWorkflow(spans: readonly Span[], records: Found['records']): Atom | null {
    const last = [...this.overflowing].at(-1);
    if (
      last === undefined ||
      last[1] !== 'some' ||
      countBeginnings(spans, records) > MAX_ROOTS_OF_CORRELATION
    )
      return null;
    return { kind: 'correlationIds', id: last[0], reach: 'far' };
  }

  /** One thing alone has more rows than a look-up may bring. */
  private overflow(atom: Atom): void {
    if (atom.kind === 'traceIds') this.largeTraces.add(atom.id);
    else if (atom.kind === 'correlationIds') {
      this.overflowing.set(atom.id, this.overflowing.has(atom.id) ? 'most' : 'some');
    } else this.cut = 'row-limit';
  }

  private limitOf(atoms: readonly Atom[]): number {
    return atoms.some((atom) => this.isFirstAsked(atom)) ? CORRELATION_LIMIT : LOOKUP_LIMIT;
  }

  private isFirstAsked({ kind, id }: Atom): boolean {
    return kind === 'correlationIds' && !this.overflowing.has(id);
  }

  /** What turns out to be too broad needs no more rows; what is one large workflow does. True where more was asked for. */
  private wantMoreOf(partition: Partition): boolean {
    let wantsMore = false;
    for (const [id, fetched] of this.overflowing) {
      if (fetched === 'all' || partition.hasManyBeginnings(id)) continue;
      if (fetched === 'most') {
        if (!partition.isTooBroad(id)) this.cut = 'row-limit';
      } else {
        this.wanted.again({ kind: 'correlationIds', id, reach: 'far' });
        wantsMore = true;
      }
    }
    return wantsMore;
  }
}

/** From when on all rows are there of what was cut to the newest; the newest spans and the newest records are as many as the limit, or not cut. */
function oldestOf(spans: readonly Span[], found: Found): bigint {
  const limit = Math.max(found.spans.rows, found.records.length);
  const oldest = (times: readonly bigint[]) => times.reduce(earlier, LAST_TIME);
  const ofSpans = found.spans.rows < limit ? 0n : oldest(spans.map((span) => span.startTimeUnixNano));
  const ofRecords =
    found.records.length < limit ? 0n : oldest(found.records.map((record) => record.timeUnixNano));
  return later(ofSpans, ofRecords);
}

function sameKey(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

const CUT_MESSAGES: Readonly<Record<string, string>> = {
  'row-limit': `More than ${MAX_ROWS.toLocaleString('en')} rows belong to this: it is not shown whole.`,
  'round-limit': `The chain of causes is longer than ${MAX_ROUNDS} look-ups: it is not shown whole.`,
};
