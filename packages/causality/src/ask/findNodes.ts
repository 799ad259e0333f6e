import { positionId } from '@upshot/model';
import { traceOf } from '../answers/Workflow.js';
import type { Collected } from '../collect/Collection.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import { membersOf } from '../graph/part/membersOf.js';
import { declaredBy, isConsumerRoot, timeOf } from '../graph/part/Partition.js';

/** What a key led to: one workflow, or the part that several workflows share. */
export type Selection =
  | {
      readonly kind: 'workflow';
      readonly roots: readonly GraphDraftNode[];
      readonly members: ReadonlySet<GraphDraftNode>;
    }
  | { readonly kind: 'shared'; readonly members: ReadonlySet<GraphDraftNode> };

/** What the key names: tried as correlation ID, trace ID, event ID, span ID; hex IDs in either case. Null where nothing has it. */
export function selectByKey(collected: Collected, key: string): Selection | null {
  const hex = key.toLowerCase();
  const { nodes } = collected.graph;
  const correlated = nodes.filter((node) => declaredBy(node) === key);
  if (correlated.length > 0) return selectNewest(collected, correlated);
  const inTrace = nodesOfSpans(collected, ({ traceId }) => traceId === hex || traceId === key);
  const traced = inTrace.length > 0 ? inTrace : nodes.filter((node) => [key, hex].includes(traceOf(node)));
  if (traced.length > 0) return selectAround(collected, traced);
  const named = nodes.filter((node) => node.type === 'event' && isNamed(node, key));
  if (named.length > 0) return selectAround(collected, named);
  const spans = nodesOfSpans(collected, ({ spanId }) => spanId !== '' && (spanId === hex || spanId === key));
  return spans.length > 0 ? selectAround(collected, spans) : null;
}

/** The workflows to which these nodes belong; a node that several share belongs to none alone. */
export function classesOf(collected: Collected, nodes: Iterable<GraphDraftNode>): Set<number> {
  const classes = new Set<number>();
  for (const node of nodes) {
    const of = collected.partition.classOf(node);
    if (of !== null) classes.add(of);
  }
  return classes;
}

export function workflowSelection({ partition }: Collected, workflow: number): Selection {
  const roots = partition.rootsOf(workflow);
  return { kind: 'workflow', roots, members: membersOf(roots) };
}

/** The one workflow of a correlation ID; where it names several (it is too broad, or two environments use it) the newest. */
function selectNewest(collected: Collected, nodes: readonly GraphDraftNode[]): Selection {
  const classes = [...classesOf(collected, nodes)];
  if (classes.length === 0) return selectAround(collected, nodes);
  if (classes.length === 1) return workflowSelection(collected, classes[0]!);
  const newest = classes
    .map((of) => ({ of, root: collected.partition.rootsOf(of)[0]! }))
    .sort((a, b) => {
      const consumers = Number(isConsumerRoot(a.root)) - Number(isConsumerRoot(b.root));
      if (consumers !== 0) return consumers;
      return timeOf(b.root) > timeOf(a.root)
        ? 1
        : timeOf(b.root) < timeOf(a.root)
          ? -1
          : a.root.id < b.root.id
            ? -1
            : 1;
    })[0]!;
  return workflowSelection(collected, newest.of);
}

function selectAround(collected: Collected, nodes: readonly GraphDraftNode[]): Selection {
  const classes = [...classesOf(collected, nodes)];
  if (classes.length === 1) {
    const whole = workflowSelection(collected, classes[0]!);
    if (nodes.every((node) => whole.members.has(node) || collected.partition.classOf(node) !== null))
      return whole;
  }
  return { kind: 'shared', members: sharedPart(nodes) };
}

/** The nodes, all that they led to, and one step up to each cause; with each delivery its event, with each attempt its delivery. */
function sharedPart(nodes: readonly GraphDraftNode[]): Set<GraphDraftNode> {
  const part = membersOf(nodes);
  for (const node of nodes) for (const { from } of node.causes) part.add(from);
  for (const node of [...part]) {
    if (node.type === 'attempt') {
      part.add(node.delivery!);
      part.add(node.event);
    } else if (node.type === 'delivery') part.add(node.event);
  }
  return part;
}

function nodesOfSpans(
  { graph }: Collected,
  matches: (context: { traceId: string; spanId: string }) => boolean,
): GraphDraftNode[] {
  const found = new Set<GraphDraftNode>();
  for (const [reading, nodes] of graph.nodesOf) {
    if (matches(reading.span)) for (const node of nodes) found.add(node);
  }
  return [...found];
}

function isNamed(node: Extract<GraphDraftNode, { type: 'event' }>, key: string): boolean {
  if (node.eventId === key || node.message.transportId === key) return true;
  const { partition, offset } = node.message;
  if (partition === null || offset === null || node.destination === null) return false;
  return positionId(node.destination, partition, offset) === key;
}
