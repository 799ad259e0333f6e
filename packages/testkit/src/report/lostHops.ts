import type { EventNode, WorkflowGraph } from '@upshot/model';

/** A hop that lost the context: a consumer elsewhere handled what this workflow published, and nothing in its telemetry says so. */
export interface LostHop {
  /** The event that was published in the workflow. */
  readonly event: EventNode;
  readonly consumer: string;
  /** The steps that ran for it. */
  readonly steps: readonly string[];
  /** The workflow that it begins, since nobody knows its cause: its key. */
  readonly elsewhere: string;
}

/**
 * Consumers of other workflows whose message nobody published, as far as Upshot can tell, but which has the name or the destination of an event of
 * this workflow that reached no consumer of that name. In a test's own Upshot there is hardly another explanation.
 */
export function lostHops(graph: WorkflowGraph, all: readonly WorkflowGraph[]): LostHop[] {
  const own = new Set(graph.traceIds);
  const found: LostHop[] = [];
  for (const other of all) {
    if (other.key === graph.key) continue;
    for (const orphan of other.events) {
      // A shared node is of this workflow as well.
      if (orphan.producer !== '' || orphan.spanId !== null || own.has(orphan.traceId)) continue;
      for (const delivery of other.deliveries) {
        if (delivery.event !== orphan.id) continue;
        const event = sentFor(graph, orphan, delivery.consumer);
        if (event === null) continue;
        const attempts = other.attempts.filter((attempt) => attempt.delivery === delivery.id);
        const steps = [
          ...new Set(
            [...attempts, ...other.steps.filter(({ layer }) => layer === 'business')].map(({ step }) => step),
          ),
        ];
        found.push({ event, consumer: delivery.consumer, steps, elsewhere: other.key });
      }
    }
  }
  return found;
}

/** The event of the workflow that an orphan's message may be. */
function sentFor(graph: WorkflowGraph, orphan: EventNode, consumer: string): EventNode | null {
  const reached = new Set(
    graph.deliveries
      .filter((delivery) => delivery.consumer === consumer && delivery.attempts.length > 0)
      .map(({ event }) => event),
  );
  const candidates = graph.events.filter(
    (event) =>
      event.producer !== '' &&
      event.kind === 'event' &&
      !reached.has(event.id) &&
      ((event.eventName !== '' && event.eventName === orphan.eventName) ||
        (event.destination !== null && event.destination !== '' && event.destination === orphan.destination)),
  );
  return candidates[0] ?? null;
}
