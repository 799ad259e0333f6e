import type { DeliveryStatus } from '@upshot/model';
import type { DeliveryDraft, GraphDraftNode } from '../graph/nodes.js';
import type { Workflow } from './Workflow.js';

/** A part of a graph that is too large for one answer. */
export interface Page {
  /** The nodes of this page, and those on which they hang. */
  readonly nodes: ReadonlySet<GraphDraftNode>;
  /** Nodes shown up to and with this page. */
  readonly shown: number;
  readonly total: number;
  readonly nextCursor: string | null;
}

const IN_TROUBLE: ReadonlySet<DeliveryStatus> = new Set(['failed', 'dead-lettered', 'retrying', 'missing']);

/** Branches in trouble come first, with all that leads to them; the rest follows by time. A cursor that is no number is refused by the caller. */
export function pageOf(
  workflow: Workflow,
  statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>,
  limit: number,
  cursor: string | null,
): Page {
  const { members } = workflow;
  const total = members.size;
  const skip = cursor === null ? 0 : Number(cursor);
  if (skip === 0 && total <= limit) return { nodes: members, shown: total, total, nextCursor: null };
  const order = new Set<GraphDraftNode>();
  for (const [delivery, status] of statuses) {
    if (!IN_TROUBLE.has(status)) continue;
    for (const node of pathTo(delivery, members)) order.add(node);
    for (const attempt of delivery.attempts) {
      if (members.has(attempt)) order.add(attempt);
      for (const { to } of attempt.effects) if (to.type === 'event' && members.has(to)) order.add(to);
    }
  }
  // As many as the page needs: a large workflow has ten times as many nodes.
  for (const node of workflow.ordered) {
    if (order.size >= skip + limit) break;
    order.add(node);
  }
  const slice = [...order].slice(skip, skip + limit);
  const nodes = new Set(slice);
  // A set's loop comes to what was added within it: holders of holders, up to the event.
  for (const node of nodes) for (const holder of holdersOf(node)) if (members.has(holder)) nodes.add(holder);
  const shown = Math.min(total, skip + slice.length);
  return { nodes, shown, total, nextCursor: shown < total ? String(shown) : null };
}

/** The first cause of each node up to the root, the root first. */
function pathTo(delivery: DeliveryDraft, members: ReadonlySet<GraphDraftNode>): GraphDraftNode[] {
  const path: GraphDraftNode[] = [];
  const seen = new Set<GraphDraftNode>();
  for (
    let at: GraphDraftNode | undefined = delivery;
    at !== undefined && members.has(at) && !seen.has(at);
  ) {
    seen.add(at);
    path.push(at);
    at = at.causes.find(({ from }) => members.has(from))?.from;
  }
  return path.reverse();
}

/** What a node's fields name: a delivery its event, an attempt its delivery. */
function holdersOf(node: GraphDraftNode): GraphDraftNode[] {
  if (node.type === 'delivery') return [node.event];
  if (node.type === 'attempt') return [node.delivery!, node.event];
  return node.type === 'step' && node.parent !== null ? [node.parent] : [];
}
