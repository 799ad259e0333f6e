import { decodeLogs, decodeSpans, earlier, type Found, type Lookup, type Span } from '@upshot/model';
import { buildGraph, type CausalGraph } from '../graph/buildGraph.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import { Partition } from '../graph/part/Partition.js';
import { Rows } from '../interpret/readRows.js';
import { type Atom, lookupOf, Wanted } from './Wanted.js';
import { wantAroundFolded, wantForDoubts, wantForNode } from './wantsOf.js';

/** Rows of one look-up; more, and its parts are asked one by one. */
const LOOKUP_LIMIT = 120_000;
/** The same where a correlation ID is among what is asked for: enough to tell a workflow from a tenant. */
const CORRELATION_LIMIT = 20_000;
/** Rows of one collection: beyond it the answer says that it is truncated. */
const MAX_ROWS = 400_000;
/** Look-ups of one collection: a chain of so many hops, each known only by the one before. */
const MAX_ROUNDS = 400;

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
  private readonly largeTraces = new Set<string>();
  private readonly expanded = new Set<string>();
  /** Correlation IDs with more rows than were fetched → whether all that may be fetched were asked for. */
  private readonly overflowing = new Map<string, 'some' | 'most'>();
  private unavailable = new Set<string>();
  private cut: string | null = null;
  private earliest: bigint | null = null;
  private readonly seeded = new Set<string>();

  /** `near`: what follows from known rows is looked for near them, which is quick where many workflows are collected at once. */
  constructor(private readonly near = false) {}

  /** Rows that are at hand already. `whole`: traces of which these are all the rows there are; looked up again, they bring nothing. */
  seed(
    { spans, records, logs }: Pick<Found, 'spans' | 'records' | 'logs'>,
    whole: ReadonlySet<string>,
  ): void {
    const decoded = decodeSpans(spans);
    for (const { traceId } of decoded) if (whole.has(traceId)) this.seeded.add(traceId);
    if (this.near) this.noteEarliest(decoded, records);
    this.rows.add(decoded, records, decodeLogs(logs));
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
    for (let round = 0; ; round++) {
      const grown = this.wanted.size === 0 ? 0 : yield* this.fetch();
      if (grown === 0 && collected !== null) return collected;
      const { readings, fates } = this.rows.read();
      const graph = buildGraph(readings, fates, (traceId) => this.wanted.hasAskedFor(traceId));
      const partition = new Partition(graph.nodes);
      collected = { graph, partition };
      const members = new Set(select(collected) ?? []);
      for (const node of members) {
        const key = this.expansionKey(node);
        if (this.expanded.has(key)) continue;
        this.expanded.add(key);
        wantForNode(node, this.wanted, partition, this.largeTraces);
      }
      wantAroundFolded(graph, members, this.wanted, this.largeTraces);
      wantForDoubts(graph, members, this.wanted);
      this.wantMoreOf(partition);
      if (this.wanted.size === 0) return collected;
      if (this.rows.size > MAX_ROWS) this.cut = 'row-limit';
      else if (round >= MAX_ROUNDS) this.cut = 'round-limit';
      if (this.cut !== null) return collected;
    }
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
      const found: Found = yield lookupOf(atoms, this.limitOf(atoms), this.sinceOf(atoms));
      for (const part of found.unavailable) this.unavailable.add(part);
      if (found.more && atoms.length > 1) {
        const half = atoms.length >> 1;
        open.push(atoms.slice(0, half), atoms.slice(half));
        continue;
      }
      if (found.more) this.overflow(atoms[0]!);
      const spans = decodeSpans(found.spans, this.isWanted);
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

  private noteEarliest(spans: readonly Span[], records: Found['records']): void {
    for (const { startTimeUnixNano } of spans)
      this.earliest = earlier(this.earliest ?? startTimeUnixNano, startTimeUnixNano);
    for (const { timeUnixNano } of records)
      this.earliest = earlier(this.earliest ?? timeUnixNano, timeUnixNano);
  }

  /** One thing alone has more rows than a look-up may bring. */
  private overflow(atom: Atom): void {
    if (atom.kind === 'traceIds') this.largeTraces.add(atom.id);
    else if (atom.kind === 'correlationIds') {
      this.overflowing.set(atom.id, this.overflowing.has(atom.id) ? 'most' : 'some');
    } else this.cut = 'row-limit';
  }

  private limitOf(atoms: readonly Atom[]): number {
    const some = atoms.some(({ kind, id }) => kind === 'correlationIds' && !this.overflowing.has(id));
    return some ? CORRELATION_LIMIT : LOOKUP_LIMIT;
  }

  /** What turns out to be too broad needs no more rows; what is one large workflow does. */
  private wantMoreOf(partition: Partition): void {
    for (const [id, fetched] of this.overflowing) {
      if (partition.isTooBroad(id)) continue;
      if (fetched === 'some') this.wanted.again({ kind: 'correlationIds', id, reach: 'far' });
      else this.cut = 'row-limit';
    }
  }
}

const CUT_MESSAGES: Readonly<Record<string, string>> = {
  'row-limit': `More than ${MAX_ROWS.toLocaleString('en')} rows belong to this: it is not shown whole.`,
  'round-limit': `The chain of causes is longer than ${MAX_ROUNDS} look-ups: it is not shown whole.`,
};
