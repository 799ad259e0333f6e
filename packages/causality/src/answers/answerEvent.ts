import type { EventAnswer, GraphNode } from '@upshot/model';
import type { EventDraft, GraphDraftNode } from '../graph/nodes.js';
import { membersOf } from '../graph/part/membersOf.js';
import { byTimeAndId } from '../graph/part/Partition.js';
import { deliveryStatus } from './statuses.js';
import { eventNode, graphNode } from './toNodes.js';

/** One event: what caused it up to the root, and all that it led to; nearest first. */
export function answerEvent(event: EventDraft, nowUnixNano: bigint): EventAnswer {
  const reached = membersOf([event]);
  const effects = nearestFirst(event, (at) => at.effects.map(({ to }) => to).filter((to) => reached.has(to)));
  const causes = nearestFirst(event, (at) => at.causes.map(({ from }) => from));
  const shown = new Set<GraphDraftNode>([event, ...causes, ...effects]);
  const node = (draft: GraphDraftNode): GraphNode =>
    graphNode(draft, (delivery) => deliveryStatus(delivery, nowUnixNano), shown);
  return { event: eventNode(event), causes: causes.map(node), effects: effects.map(node) };
}

function nearestFirst(
  start: GraphDraftNode,
  next: (node: GraphDraftNode) => GraphDraftNode[],
): GraphDraftNode[] {
  const seen = new Set<GraphDraftNode>([start]);
  const found: GraphDraftNode[] = [];
  for (let layer: GraphDraftNode[] = [start]; layer.length > 0; ) {
    const following = [...new Set(layer.flatMap(next))].filter((node) => !seen.has(node)).sort(byTimeAndId);
    for (const node of following) {
      seen.add(node);
      found.push(node);
    }
    layer = following;
  }
  return found;
}
