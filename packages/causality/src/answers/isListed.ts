import type { WorkflowGraph } from '@upshot/model';

/**
 * Whether a list of workflows shows this one: it moved an event, or it did something that has a business name. What a client does to set itself up,
 * a health check or a call to a database alone led to nothing that an operator asks about; by its IDs it is found all the same.
 */
export function isListed(graph: WorkflowGraph): boolean {
  return (
    graph.events.length > 0 ||
    graph.deliveries.length > 0 ||
    graph.steps.some(({ layer }) => layer === 'business')
  );
}
