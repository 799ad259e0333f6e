import { endOf, startOf } from '../graph/Draft.js';
import type { Edge, GraphDraftNode } from '../graph/nodes.js';
import { timeOf } from '../graph/part/Partition.js';

/**
 * The chain of causes that ends last: from the attempt or step with the latest end back to a root, at each node by the cause that came
 * last. An attempt after a failed one waited for that one, not for the event. IDs, first to last.
 */
export function criticalPath(members: ReadonlySet<GraphDraftNode>): string[] {
  let last: GraphDraftNode | null = null;
  for (const node of members) {
    if (node.type !== 'attempt' && node.type !== 'step' && node.type !== 'event') continue;
    if (last === null || isLater(node, last)) last = node;
  }
  const path: string[] = [];
  const seen = new Set<GraphDraftNode>();
  for (let at: GraphDraftNode | null = last; at !== null && !seen.has(at); at = cause(at, members)) {
    seen.add(at);
    path.push(at.id);
  }
  return path.reverse();
}

function isLater(a: GraphDraftNode, b: GraphDraftNode): boolean {
  const ae = endTimeOf(a);
  const be = endTimeOf(b);
  if (ae !== be) return ae > be;
  // Of two that end together the one that began later is the deeper one.
  if (timeOf(a) !== timeOf(b)) return timeOf(a) > timeOf(b);
  return a.id > b.id;
}

export function endTimeOf(node: GraphDraftNode): bigint {
  switch (node.type) {
    case 'attempt':
      return endOf(node) ?? startOf(node);
    case 'step':
      return node.reading.span.endTimeUnixNano || node.reading.span.startTimeUnixNano;
    case 'event':
      return node.time;
    case 'delivery':
      return node.event.time;
  }
}

function cause(node: GraphDraftNode, members: ReadonlySet<GraphDraftNode>): GraphDraftNode | null {
  let best: Edge | null = null;
  for (const edge of node.causes) {
    if (!members.has(edge.from)) continue;
    if (edge.kind === 'retried') return edge.from;
    if (best === null || timeOf(edge.from) > timeOf(best.from)) best = edge;
  }
  return best?.from ?? null;
}
