import type { WorkflowGraph } from '@upshot/model';
import type { WorkflowFilter } from '../Question.js';
import { eventIdsOf, spansOf } from './graphIds.js';
import type { RowsRead } from './RowsRead.js';
import { textsOf } from './textsOf.js';

/** Whether a workflow passes: each filter given holds for any part of it. */
export function matchesFilter(graph: WorkflowGraph, filter: WorkflowFilter, rows: RowsRead): boolean {
  const { statuses, event, consumer, service, environment, q } = filter;
  return (
    (statuses === null || statuses.includes(graph.status)) &&
    (event === null || graph.events.some(({ eventName }) => eventName === event)) &&
    (consumer === null || graph.deliveries.some((delivery) => delivery.consumer === consumer)) &&
    (service === null || hasService(graph, service)) &&
    (environment === null || rows.environmentsOf(graph).has(environment)) &&
    rows.hasAttributes(graph) &&
    (q === null || hasId(graph, q) || hasText(graph, q.toLowerCase()))
  );
}

/** Whether the text is, as a whole, an ID of the workflow or of a part of it. Hex in either case. */
export function hasId(graph: WorkflowGraph, text: string): boolean {
  const hex = text.toLowerCase();
  if (graph.key === text || graph.correlationIds.includes(text)) return true;
  if (graph.traceIds.some((id) => id === text || id === hex)) return true;
  for (const eventId of eventIdsOf(graph)) if (eventId === text) return true;
  for (const { spanId } of spansOf(graph)) if (spanId === text || spanId === hex) return true;
  return false;
}

function hasService(graph: WorkflowGraph, service: string): boolean {
  return (
    graph.events.some(({ producer }) => producer === service) ||
    graph.attempts.some((attempt) => attempt.service === service) ||
    graph.steps.some((step) => step.service === service)
  );
}

/** Whether the text, in lower case, is part of a name, of an error or of a business ID. */
export function hasText(graph: WorkflowGraph, text: string): boolean {
  for (const part of textsOf(graph)) if (part.toLowerCase().includes(text)) return true;
  return false;
}
