import type { AttemptNode, DeliveryNode, EventNode, StepNode } from '@upshot/model';

/** The nodes of an answer by their types. */
export interface Nodes {
  readonly events: readonly EventNode[];
  readonly deliveries: readonly DeliveryNode[];
  readonly attempts: readonly AttemptNode[];
  readonly steps: readonly StepNode[];
}

/**
 * What cases call the nodes of an answer, by node ID. A name that a case gives itself (`as`) comes first; otherwise
 * - an event is called by its name: `order.placed`, `dead letter order.placed`, `replay order.placed`
 * - a delivery by its consumer, and its event where the consumer has several: `billing`, `billing/order.placed`
 * - an attempt by its delivery and number: `billing #2`
 * - a step by its name: `reserve-inventory`
 */
export function nodeNames(nodes: Nodes, given: ReadonlyMap<string, string>): Map<string, string> {
  const names = new Map(given);
  const name = (id: string, otherwise: string): void => {
    if (!names.has(id)) names.set(id, otherwise);
  };
  for (const { id, kind, eventName } of nodes.events) {
    name(
      id,
      kind === 'event' ? eventName : `${kind === 'dead-letter' ? 'dead letter' : 'replay'} ${eventName}`,
    );
  }
  for (const { id, consumer, event } of nodes.deliveries) {
    const several = nodes.deliveries.filter((other) => other.consumer === consumer).length > 1;
    name(id, several ? `${consumer}/${names.get(event)}` : consumer);
  }
  for (const { id, delivery, number } of nodes.attempts) name(id, `${names.get(delivery) ?? '?'} #${number}`);
  for (const { id, step } of nodes.steps) name(id, step);
  return names;
}
