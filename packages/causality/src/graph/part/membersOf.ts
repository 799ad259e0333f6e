import type { AttemptDraft, Edge, GraphDraftNode } from '../nodes.js';

/**
 * All that some nodes led to, themselves included. An edge below a batch's span is followed only from the attempts for which it holds, so a
 * shared node is included and the other workflows' share of what it did is not.
 */
export function membersOf(roots: Iterable<GraphDraftNode>): Set<GraphDraftNode> {
  const members = new Set<GraphDraftNode>(roots);
  const open = [...members];
  const waiting = new Map<AttemptDraft, Edge[]>();
  const follow = (edge: Edge): void => {
    if (members.has(edge.to)) return;
    if (edge.owners !== null && !isOwned(edge.owners, members)) {
      for (const owner of edge.owners) {
        const list = waiting.get(owner);
        if (list === undefined) waiting.set(owner, [edge]);
        else list.push(edge);
      }
      return;
    }
    members.add(edge.to);
    open.push(edge.to);
  };
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const edge of node.effects) follow(edge);
    if (node.type !== 'attempt') continue;
    const deferred = waiting.get(node);
    waiting.delete(node);
    for (const edge of deferred ?? []) follow(edge);
  }
  return members;
}

function isOwned(owners: ReadonlySet<AttemptDraft>, members: ReadonlySet<GraphDraftNode>): boolean {
  if (owners.size < members.size) {
    for (const owner of owners) if (members.has(owner)) return true;
    return false;
  }
  for (const node of members) if (node.type === 'attempt' && owners.has(node)) return true;
  return false;
}
