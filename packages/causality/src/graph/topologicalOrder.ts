import type { GraphDraftNode } from './nodes.js';

/**
 * Nodes in an order in which causes stand before effects (Kahn's algorithm), in linear time. Telemetry can claim circles: the nodes of
 * one come last, in the order in which they were given.
 */
export function topologicalOrder(nodes: readonly GraphDraftNode[]): GraphDraftNode[] {
  const open = new Map<GraphDraftNode, number>();
  const ready: GraphDraftNode[] = [];
  for (const node of nodes) {
    open.set(node, node.causes.length);
    if (node.causes.length === 0) ready.push(node);
  }
  for (let at = 0; at < ready.length; at++) {
    for (const { to } of ready[at]!.effects) {
      const left = open.get(to)! - 1;
      open.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  if (ready.length < nodes.length) {
    const placed = new Set(ready);
    for (const node of nodes) if (!placed.has(node)) ready.push(node);
  }
  return ready;
}
