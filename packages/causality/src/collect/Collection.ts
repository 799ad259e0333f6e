import type { Found, Lookup, Span } from '@upshot/model';
import { buildGraph, type CausalGraph } from '../graph/buildGraph.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import { Partition } from '../graph/part/Partition.js';
import { Rows } from '../interpret/readRows.js';
import { type Cut, Fetching, MAX_ROWS } from './Fetching.js';
import type { Wanted } from './Wanted.js';
import { wantAroundFolded, wantForDoubts, wantForNode, wantForUnconsumed } from './wantsOf.js';

/** Look-ups of one collection: a chain of so many hops, each known only by the one before. */
const MAX_ROUNDS = 400;

/** The graph of what has been collected, parted into workflows. */
export interface Collected {
  readonly graph: CausalGraph;
  readonly partition: Partition;
}

/**
 * Collects the rows of workflows by rounds: each round assembles what is at hand, takes the nodes that belong to the answer, and asks for
 * what they may be connected to. A round that brings nothing new is the last; none is spent on confirming. What turns out to be too large is assembled once more, of
 * what is there.
 */
export class Collection {
  private readonly rows = new Rows();
  private readonly fetching: Fetching;

  /**
   * `near`: what follows from known rows is looked for near them, which is quick where many workflows are collected at once. `orNone`: what is too large for it is
   * not assembled at all, for it will be asked for in smaller parts.
   */
  constructor(
    private readonly near = false,
    private readonly orNone = false,
  ) {
    this.fetching = new Fetching(this.rows, near, orNone);
  }

  /** Rows that are at hand already. `whole`: traces of which these are all the rows there are; looked up again, they bring nothing. */
  seed(spans: readonly Span[], records: Found['records'], whole: ReadonlySet<string>): void {
    this.fetching.seed(spans, records, whole);
  }

  /** Asks for the first rows. */
  begin(fill: (wanted: Wanted) => void): void {
    this.fetching.begin(fill);
  }

  /** Why the rows are not all there are; null where they are. */
  get incomplete(): { reason: string; message: string } | null {
    const { cut, unavailable } = this.fetching;
    if (unavailable.size > 0) {
      const which = [...unavailable].sort().join(', ');
      return {
        reason: 'shard-unavailable',
        message: `A part of the store did not answer (${which}): this may not be all.`,
      };
    }
    return cut === null ? null : { reason: cut, message: CUT_MESSAGES[cut] };
  }

  /** The trace that alone has more rows than may be fetched; null where it is not one trace. */
  get cutBy(): string | null {
    return this.fetching.cutBy;
  }

  /**
   * Rounds until nothing new is wanted. `select` names the nodes of the answer in the graph at hand; null where there are none.
   */
  *run(
    select: (collected: Collected) => Iterable<GraphDraftNode> | null,
  ): Generator<Lookup, Collected, Found> {
    const { fetching } = this;
    const { wanted, largeTraces } = fetching;
    let collected: Collected | null = null;
    let members: ReadonlySet<GraphDraftNode> = new Set();
    let isExpanded = false;
    for (let round = 0; ; round++) {
      const large = largeTraces.size;
      const grown = wanted.size === 0 ? 0 : yield* fetching.fetch();
      // Whoever stands in a trace that turned out to be large asks for its own part of it.
      if (largeTraces.size > large) isExpanded = false;
      if (this.orNone && fetching.cut !== null) return nothing();
      if (collected === null || grown > 0) collected = this.assemble();
      else if (isExpanded && fetching.cut === null) {
        if (!this.wantsUnconsumed(members)) return collected;
        continue;
      }
      if (fetching.cut !== null) return collected;
      const { graph, partition } = collected;
      // What carries a correlation ID is fetched before what its parts may be connected to: most of that is the same rows.
      isExpanded = !this.wantMoreOf(partition);
      if (!isExpanded) continue;
      members = new Set(select(collected) ?? []);
      // All of them in each round: a node may say more than before, and nothing is asked for twice.
      for (const node of members) wantForNode(node, wanted, partition, largeTraces);
      wantAroundFolded(graph, members, wanted, largeTraces);
      wantForDoubts(graph, members, wanted);
      if (wanted.size === 0 && !this.wantsUnconsumed(members)) return collected;
      if (round >= MAX_ROUNDS) fetching.cut = 'round-limit';
      if (fetching.cut !== null) return this.orNone ? nothing() : collected;
    }
  }

  /** Where many are collected at once, consumers ask for what they consumed. */
  private wantsUnconsumed(members: ReadonlySet<GraphDraftNode>): boolean {
    const { wanted } = this.fetching;
    if (!this.near) wantForUnconsumed(members, wanted);
    return wanted.size > 0;
  }

  private assemble(): Collected {
    const { readings, fates, loose } = this.rows.read();
    const isFetched = (traceId: string) => this.fetching.wanted.hasAskedFor(traceId);
    const graph = buildGraph(readings, fates, isFetched, loose);
    return { graph, partition: new Partition(graph.nodes) };
  }

  /** What turns out to be too broad needs no more rows; what is one large workflow does. True where more was asked for. */
  private wantMoreOf(partition: Partition): boolean {
    const { overflowing, wanted } = this.fetching;
    let wantsMore = false;
    for (const [id, fetched] of overflowing) {
      if (fetched === 'all' || partition.hasManyBeginnings(id)) continue;
      if (fetched === 'most') {
        if (!partition.isTooBroad(id)) this.fetching.cut = 'row-limit';
      } else {
        wanted.again({ kind: 'correlationIds', id, reach: 'far' });
        wantsMore = true;
      }
    }
    return wantsMore;
  }
}

function nothing(): Collected {
  const graph = buildGraph([], []);
  return { graph, partition: new Partition(graph.nodes) };
}

const CUT_MESSAGES: Readonly<Record<Cut, string>> = {
  'row-limit': `More rows belong to this than the ${MAX_ROWS.toLocaleString('en')} that one answer may read: it shows the newest of them, and what these came from.`,
  'round-limit': `The chain of causes is longer than ${MAX_ROUNDS} look-ups: it is not shown whole.`,
  'time-limit': 'Collecting this took too long: it shows what had been found by then.',
};
