import { RuleChecker } from '@upshot/conventions';
import type { Arrival, Found, Span, WorkflowGraph } from '@upshot/model';
import { answerWorkflow } from '../answers/answerWorkflow.js';
import { complianceOf } from '../answers/conventions/complianceOf.js';
import { withExpected } from '../answers/conventions/withExpected.js';
import { deliveryStatus } from '../answers/statuses.js';
import type { Workflow } from '../answers/Workflow.js';
import { type Collected, Collection } from '../collect/Collection.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import { declaredBy } from '../graph/part/Partition.js';
import { changesAt } from '../lessons/changesAt.js';
import type { Lesson } from '../lessons/Lesson.js';
import { lessonOf } from '../lessons/lessonOf.js';
import type { Asking, AskOptions } from './Asking.js';
import { taken } from './askWorkflow.js';
import { workflowSelection } from './findNodes.js';

/** One workflow, with what it teaches. */
export interface Learned {
  readonly graph: WorkflowGraph;
  readonly lesson: Lesson;
  /** When its state changes next by the clock alone, Unix nanoseconds; null: never. */
  readonly changesAtUnixNano: bigint | null;
}

export interface LearnedAnswer {
  readonly workflows: readonly Learned[];
  /** True where the rows were too many to be read whole: ask for fewer arrivals at a time. Of several nothing was assembled then. */
  readonly cut: boolean;
  /** The trace that alone was too large, where it was one: ask for the others without it. */
  readonly cutBy: string | null;
  /**
   * Traces and event IDs (of records) of which everything belongs to these workflows: where more of them have arrived, nothing else is to be learned from them. Told only where much
   * more was read than was asked about.
   */
  readonly covered: ReadonlySet<string>;
  /** All that any row that was read declares. */
  readonly correlationIds: ReadonlySet<string>;
}

/** Counts are of the whole workflow, so its graph is asked for whole. */
const WHOLE = 1_000_000;
/** What several workflows share leads to them through its causes; more causes than this are a batch that has been met otherwise. */
const MOST_CAUSES = 2_000;

/** Rows beyond which a workflow may hold much that is asked about next. */
const MUCH = 2_000;

/** Rows that need not be looked up. */
export interface AtHand {
  readonly spans: readonly Span[];
  readonly records: Found['records'];
  /** Traces of which these are all rows there are. */
  readonly whole: ReadonlySet<string>;
}

/**
 * The workflows to which the rows that arrived belong, each collected and assembled whole, all in the same rounds. `atHand`: rows that were read with the
 * arrivals; most workflows need no others.
 */
export function* askLearned(
  arrivals: readonly Arrival[],
  options: AskOptions,
  atHand: AtHand | null = null,
): Asking<LearnedAnswer> {
  if (arrivals.length === 0)
    return { workflows: [], cut: false, cutBy: null, covered: new Set(), correlationIds: new Set() };
  const collection = new Collection(true, arrivals.length > 1);
  if (atHand !== null) collection.seed(atHand.spans, atHand.records, atHand.whole);
  collection.begin((wanted) => {
    for (const { traceId, eventId } of arrivals) {
      if (atHand?.whole.has(traceId)) wanted.has(traceId);
      else wanted.want('traceIds', traceId);
      if (traceId === '') wanted.want('eventIds', eventId);
    }
  });
  const traces = new Set(arrivals.map(({ traceId }) => traceId).filter((id) => id !== ''));
  const events = new Set(arrivals.filter(({ traceId }) => traceId === '').map(({ eventId }) => eventId));
  // Both the rounds and the answer ask which workflows these are.
  let last: { readonly collected: Collected; readonly classes: Set<number> } | null = null;
  const classes = (collected: Collected) => {
    if (last?.collected !== collected) last = { collected, classes: touchedBy(collected, traces, events) };
    return last.classes;
  };
  const collected = yield* collection.run((at) => {
    const members = new Set<GraphDraftNode>();
    for (const of of classes(at)) for (const node of workflowSelection(at, of).members) members.add(node);
    return members;
  });
  const { incomplete } = collection;
  const settings = { ...options, limit: WHOLE, incomplete };
  const workflows = [...classes(collected)].map((of) =>
    learn(taken(collected, workflowSelection(collected, of), ''), settings),
  );
  return {
    workflows,
    cut: incomplete !== null && incomplete.reason !== 'shard-unavailable',
    cutBy: collection.cutBy,
    covered: coveredBy(collected, classes(collected)),
    correlationIds: correlationIdsOf(collected),
  };
}

function coveredBy({ graph, partition }: Collected, classes: ReadonlySet<number>): Set<string> {
  const covered = new Set<string>();
  if (graph.nodesOf.size < MUCH) return covered;
  const others = new Set<string>();
  for (const [{ span, records }, nodes] of graph.nodesOf) {
    const isCovered = nodes.every((node) => {
      const of = partition.classOf(node);
      return of !== null && classes.has(of);
    });
    const names = isCovered ? covered : others;
    if (span.traceId !== '') names.add(span.traceId);
    for (const { record } of records) if (record.traceId === '') names.add(record.eventId);
  }
  for (const name of others) covered.delete(name);
  return covered;
}

function correlationIdsOf({ graph }: Collected): Set<string> {
  const ids = new Set<string>();
  for (const node of graph.nodes) {
    const id = declaredBy(node);
    if (id !== null) ids.add(id);
  }
  return ids;
}

function learn(seen: Workflow, options: Parameters<typeof answerWorkflow>[1]): Learned {
  const { nowUnixNano, conventions = null } = options;
  const graph = answerWorkflow(seen, options);
  const workflow =
    conventions === null ? seen : withExpected(seen, new RuleChecker(conventions, nowUnixNano));
  const statuses = new Map(
    workflow.deliveries.map((delivery) => [delivery, deliveryStatus(delivery, nowUnixNano)] as const),
  );
  const compliance = conventions === null ? [] : complianceOf(seen, conventions, nowUnixNano);
  return {
    graph,
    lesson: lessonOf(workflow, statuses, graph, compliance),
    changesAtUnixNano: changesAt(workflow, statuses, nowUnixNano),
  };
}

function touchedBy(
  collected: Collected,
  traces: ReadonlySet<string>,
  events: ReadonlySet<string>,
): Set<number> {
  const classes = new Set<number>();
  const shared = new Set<GraphDraftNode>();
  const touch = (node: GraphDraftNode) => {
    const of = collected.partition.classOf(node);
    if (of === null) shared.add(node);
    else classes.add(of);
  };
  for (const [{ span, records }, nodes] of collected.graph.nodesOf) {
    const isTouched =
      traces.has(span.traceId) ||
      records.some(({ record }) => traces.has(record.traceId) || events.has(record.eventId));
    if (isTouched) for (const node of nodes) touch(node);
  }
  if (events.size > 0) {
    for (const node of collected.graph.draft.events)
      if (node.eventId !== null && events.has(node.eventId)) touch(node);
  }
  for (const node of shared) for (const of of classesAbove(collected, node)) classes.add(of);
  return classes;
}

/** The workflows that share a node: those of its causes. */
function classesAbove({ partition }: Collected, shared: GraphDraftNode): Set<number> {
  const classes = new Set<number>();
  const seen = new Set<GraphDraftNode>([shared]);
  const open: GraphDraftNode[] = [shared];
  for (let at = open.pop(); at !== undefined && seen.size < MOST_CAUSES; at = open.pop()) {
    for (const { from } of at.causes) {
      if (seen.has(from)) continue;
      seen.add(from);
      const of = partition.classOf(from);
      if (of === null) open.push(from);
      else classes.add(of);
    }
  }
  return classes;
}
