import type { AttemptNode, DeliveryNode, WorkflowGraph } from '@upshot/model';

/** Deliveries that a name stands for: the business step of their attempts, their consumer, or the name of their event. */
export function deliveriesNamed(graph: WorkflowGraph, name: string): DeliveryNode[] {
  const byStep = new Set(graph.attempts.filter(({ step }) => step === name).map(({ delivery }) => delivery));
  const found = graph.deliveries.filter(({ id, consumer }) => byStep.has(id) || consumer === name);
  if (found.length > 0) return found;
  const events = new Set(graph.events.filter(({ eventName }) => eventName === name).map(({ id }) => id));
  return graph.deliveries.filter(({ event }) => events.has(event));
}

/** Attempts of a business step, or, where no step has that name, of a consumer. */
export function attemptsNamed(graph: WorkflowGraph, name: string): AttemptNode[] {
  const bySteps = graph.attempts.filter(({ step }) => step === name);
  if (bySteps.length > 0) return bySteps;
  const deliveries = new Set(deliveriesNamed(graph, name).map(({ id }) => id));
  return graph.attempts.filter(({ delivery }) => deliveries.has(delivery));
}

/** Whether the workflow got as far as this: a step or an attempt of that name was begun, a consumer has tried, or an event of that name was published. */
export function isReached(graph: WorkflowGraph, name: string): boolean {
  return (
    graph.attempts.some(({ step }) => step === name) ||
    graph.steps.some(({ step }) => step === name) ||
    graph.events.some(
      ({ eventName, producer, error }) => eventName === name && producer !== '' && error === undefined,
    ) ||
    graph.deliveries.some(({ consumer, attempts }) => consumer === name && attempts.length > 0)
  );
}

/** Everything that a workflow could have been asked for, for a failure's message. */
export function namesIn(graph: WorkflowGraph): string[] {
  const names = new Set([
    ...graph.attempts.map(({ step }) => step),
    ...graph.steps.filter(({ layer }) => layer === 'business').map(({ step }) => step),
    ...graph.deliveries.map(({ consumer }) => consumer),
    ...graph.events.map(({ eventName }) => eventName),
  ]);
  return [...names].filter((name) => name !== '').sort();
}

const OPEN: ReadonlySet<DeliveryNode['status']> = new Set(['waiting', 'processing', 'retrying']);

/** Whether something of it is still under way, as far as telemetry tells. */
export function isOpen({ status }: DeliveryNode): boolean {
  return OPEN.has(status);
}
