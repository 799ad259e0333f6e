import type { WorkflowGraph } from '@upshot/model';
import type { Draft } from '../graph/Draft.js';
import type { AttemptDraft, DeliveryDraft, EventDraft, GraphDraftNode, StepDraft } from '../graph/nodes.js';
import {
  byTimeAndId,
  correlationKey,
  declaredBy,
  environmentOf,
  isConsumerRoot,
  type Partition,
  timeOf,
} from '../graph/part/Partition.js';

/** One workflow, taken out of the graph of all rows: its nodes in order, and what names it. */
export interface Workflow {
  readonly key: string;
  readonly root: GraphDraftNode;
  readonly members: ReadonlySet<GraphDraftNode>;
  /** The same, by time and ID. */
  readonly ordered: readonly GraphDraftNode[];
  readonly events: readonly EventDraft[];
  readonly deliveries: readonly DeliveryDraft[];
  readonly attempts: readonly AttemptDraft[];
  readonly steps: readonly StepDraft[];
  readonly correlationIds: readonly string[];
  readonly traceIds: readonly string[];
  /** Correlation IDs that its parts declare and that name no workflow. */
  readonly tooBroad: readonly string[];
  readonly draft: Draft;
  /** Where it is known from which consumers should react. */
  readonly expectations: WorkflowGraph['expectations'];
}

/** `key` given: the nodes are a part that several workflows share, and are known by what was asked. */
export function workflowOf(
  members: ReadonlySet<GraphDraftNode>,
  roots: readonly GraphDraftNode[],
  partition: Partition,
  draft: Draft,
  key: string | null = null,
): Workflow {
  const ordered = [...members].sort(byTimeAndId);
  const of = <Type extends GraphDraftNode['type']>(type: Type) =>
    ordered.filter((node): node is Extract<GraphDraftNode, { type: Type }> => node.type === type);
  const correlationIds = new Set<string>();
  const tooBroad = new Set<string>();
  const traceIds = new Set<string>();
  for (const node of ordered) {
    const correlationId = declaredBy(node);
    if (correlationId !== null) {
      correlationIds.add(correlationId);
      if (partition.tooBroad.has(correlationKey(environmentOf(node), correlationId)))
        tooBroad.add(correlationId);
    }
    const traceId = traceOf(node);
    if (traceId !== '') traceIds.add(traceId);
  }
  const root = roots[0] ?? ordered[0]!;
  return {
    key: key ?? keyOf(root, ordered, partition, tooBroad),
    root,
    members,
    ordered,
    events: of('event'),
    deliveries: of('delivery'),
    attempts: of('attempt'),
    steps: of('step'),
    correlationIds: [...correlationIds].sort(),
    traceIds: [...traceIds].sort(),
    tooBroad: [...tooBroad].sort(),
    draft,
    expectations: 'unknown',
  };
}

/** The root's correlation ID, else the earliest declared (ties by text), else the root's trace ID, else its event ID. */
function keyOf(
  root: GraphDraftNode,
  ordered: readonly GraphDraftNode[],
  partition: Partition,
  tooBroad: ReadonlySet<string>,
): string {
  const own = declaredBy(root);
  if (own !== null && !tooBroad.has(own)) return own;
  // What is shared with other workflows names none of them.
  const declared = ordered
    .filter((node) => partition.classOf(node) !== null)
    .map((node) => ({ node, id: declaredBy(node) }))
    .filter((one): one is { node: GraphDraftNode; id: string } => one.id !== null && !tooBroad.has(one.id));
  if (declared.length > 0) {
    const first = declared[0]!;
    const ties = declared.filter(({ node }) => timeOf(node) === timeOf(first.node)).map(({ id }) => id);
    return ties.sort()[0]!;
  }
  const trace = findableTrace(root, ordered);
  if (trace !== '') return trace;
  const eventId = root.type === 'event' ? root.eventId : null;
  if (eventId !== null && !/^\d+$/.test(eventId)) return eventId;
  // Known from its consumer alone, without an ID or with a counter for one, which others have as well: the consumer's trace leads to it.
  return ordered.map(traceOf).find((one) => one !== '') ?? eventId ?? root.id;
}

/** The root's trace; where nothing of that has arrived, that of the first consumer which names it: a key must lead back. */
function findableTrace(root: GraphDraftNode, ordered: readonly GraphDraftNode[]): string {
  const own = traceOf(root);
  if (root.type !== 'event' || root.missing === null) return own;
  const arrived = ordered.filter(({ type }) => type === 'attempt').map(traceOf);
  return arrived.includes(own) ? own : (arrived[0] ?? own);
}

/** The trace in which a node stands; of an event that only its consumers tell of, the one that they name. */
export function traceOf(node: GraphDraftNode): string {
  switch (node.type) {
    case 'event':
      if (node.reading !== null) return node.reading.span.traceId;
      if (node.missing !== null) return node.missing.traceId;
      if (node.records.length > 0) return node.records[0]!.record.traceId;
      return node.origin === null ? '' : traceOf(node.origin);
    case 'delivery':
      return '';
    default:
      return node.reading.span.traceId;
  }
}

/** Whether the workflow is known only from consumers. */
export function lacksRoot({ root }: Workflow): boolean {
  return isConsumerRoot(root);
}
