import type { WorkflowGraph } from '@upshot/model';

/** A graph without IDs, times and evidence: what two recordings of one thing must have in common. One line per node, with its causes. */
export function shapeOf(graph: WorkflowGraph): string[] {
  const names = new Map<string, string>();
  const events = new Map(graph.events.map((event) => [event.id, event]));
  const deliveries = new Map(graph.deliveries.map((delivery) => [delivery.id, delivery]));
  for (const { id, kind, eventName, producer } of graph.events)
    names.set(id, `${kind} ${eventName} by ${producer}`);
  for (const { id, event, consumer, status } of graph.deliveries) {
    names.set(id, `delivery ${events.get(event)?.eventName} to ${consumer} ${status}`);
  }
  for (const { id, delivery, number, outcome, step, error } of graph.attempts) {
    names.set(
      id,
      `attempt ${deliveries.get(delivery)?.consumer} ${number} ${step} ${outcome} ${error?.message ?? ''}`,
    );
  }
  for (const { id, step, service, layer } of graph.steps)
    names.set(id, `step ${step} in ${service} ${layer}`);
  const lines = [
    ...names.values(),
    ...graph.causes.map(({ from, to, kind }) => `${names.get(from)} -${kind}-> ${names.get(to)}`),
  ];
  return [`${graph.status}`, ...lines.sort()];
}
