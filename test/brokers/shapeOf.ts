import type { WorkflowGraph } from '@upshot/model';
import { PLACE } from './place.js';

/**
 * A graph as sorted lines without IDs, times, evidence and places: what must be equal whichever way it was instrumented. Steps of the
 * transport are left out.
 */
export function shapeOf(graph: WorkflowGraph): string[] {
  const names = new Map<string, string>();
  const events = new Map(graph.events.map((event) => [event.id, event]));
  const deliveries = new Map(graph.deliveries.map((delivery) => [delivery.id, delivery]));
  for (const event of graph.events)
    names.set(event.id, `${event.kind} ${event.eventName} by ${event.producer}`);
  for (const { id, event, consumer } of graph.deliveries)
    names.set(id, `${events.get(event)?.kind} ${events.get(event)?.eventName} for ${consumer}`);
  for (const { id, delivery, number } of graph.attempts) names.set(id, `${names.get(delivery)} #${number}`);
  for (const { id, layer, step, service } of graph.steps)
    if (layer === 'business') names.set(id, `step ${step} of ${service}`);

  const lines = [`workflow ${graph.status}`];
  for (const event of graph.events)
    lines.push(`${names.get(event.id)}${event.eventId === null ? ' without ID' : ''}`);
  for (const delivery of deliveries.values()) lines.push(`${names.get(delivery.id)}: ${delivery.status}`);
  for (const attempt of graph.attempts)
    lines.push(
      `${names.get(attempt.id)}: ${attempt.step} ${attempt.outcome} ${attempt.error?.message ?? ''}`.trim(),
    );
  for (const { id } of graph.steps) if (names.has(id)) lines.push(names.get(id)!);
  for (const { from, to, kind } of graph.causes) {
    const [a, b] = [names.get(from), names.get(to)];
    if (a !== undefined && b !== undefined) lines.push(`${a} --${kind}→ ${b}`);
  }
  // An event that nobody names is called after its place, which is another one each time.
  return lines.map((line) => line.replaceAll(PLACE, 'orders')).sort();
}
