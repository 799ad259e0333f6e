import type { FailureCause, WorkflowGraph } from '@upshot/model';

/** The names, errors and business IDs of a workflow, in which `q` is looked for. Some come more than once, some are empty. */
export function* textsOf(graph: WorkflowGraph): Generator<string> {
  yield graph.key;
  yield* graph.correlationIds;
  for (const { eventName, producer, destination, eventId } of graph.events) {
    yield eventName;
    yield producer;
    if (destination !== null) yield destination;
    if (eventId !== null) yield eventId;
  }
  for (const { consumer } of graph.deliveries) yield consumer;
  for (const { step, service, error } of graph.attempts) yield* textsOfStep(step, service, error);
  for (const { step, service, error } of graph.steps) yield* textsOfStep(step, service, error);
}

function* textsOfStep(step: string, service: string, error: FailureCause | null): Generator<string> {
  yield step;
  yield service;
  if (error === null) return;
  yield error.type;
  yield error.message;
}
