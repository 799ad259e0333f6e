import type { WorkflowGraph } from '@upshot/model';

/** The node that an ID names within a workflow: an event by its event ID, an attempt or step by its span ID. Null: it names the whole. */
export function nodeOfId(graph: WorkflowGraph, id: string): string | null {
  const event = graph.events.find((node) => node.eventId === id);
  if (event) return event.id;
  const span = id.toLowerCase();
  const bySpan = [...graph.attempts, ...graph.events, ...graph.steps].find(
    (node) => node.spanId === span || node.spanIds?.includes(span),
  );
  return bySpan?.id ?? null;
}
