import type { WorkflowGraph } from '@upshot/model';

/** Why a span does not have its place in an answer: one node, or attempts or events alone where it stands for several messages. */
export function misplaced(
  graph: WorkflowGraph,
  { traceId, spanId }: { traceId: string; spanId: string },
): string | null {
  const standing: string[] = [];
  const look = (
    type: string,
    nodes: readonly { traceId?: string; spanId?: string | null; spanIds?: readonly string[] }[],
  ) => {
    for (const node of nodes) {
      const own = node.spanId === spanId && node.traceId === traceId;
      if (own || node.spanIds?.includes(spanId)) standing.push(type);
    }
  };
  look('event', graph.events);
  look('delivery', graph.deliveries);
  look('attempt', graph.attempts);
  look('step', graph.steps);
  if (standing.length === 0) return 'no node names it';
  if (standing.length === 1) return null;
  const types = new Set(standing);
  if (types.size === 1 && (types.has('attempt') || types.has('event'))) return null;
  return `it is named by ${standing.join(', ')}`;
}
