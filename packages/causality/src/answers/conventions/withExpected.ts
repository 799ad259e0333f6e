import type { RuleChecker } from '@upshot/conventions';
import { evidenceOf } from '../../graph/evidence.js';
import { type DeliveryDraft, type EventDraft, type GraphDraftNode, NO_SPANS } from '../../graph/nodes.js';
import { byTimeAndId } from '../../graph/part/Partition.js';
import type { Workflow } from '../Workflow.js';

/** How sure it is that a delivery should be there which only a declaration speaks of: it is expected, not seen. */
const EXPECTED_CONFIDENCE = 0.5;

/**
 * The workflow with the deliveries that were declared as expected and are not there. They are its own: the graph, which other workflows may
 * share, knows nothing of them. Only events whose publish is known are asked about, for what a lost context made of one event are several.
 */
export function withExpected(workflow: Workflow, checker: RuleChecker): Workflow {
  const received = consumersByEvent(workflow.events);
  const expected: DeliveryDraft[] = [];
  let declared = false;
  for (const event of workflow.events) {
    if (event.kind !== 'event' || event.reading === null) continue;
    for (const { consumer, withinMs } of checker.expectedConsumers(event.eventName)) {
      declared = true;
      const consumers = received.get(identityOf(event))!;
      if (consumers.has(consumer)) continue;
      consumers.add(consumer);
      expected.push(expectedDelivery(event, consumer, BigInt(withinMs) * 1_000_000n));
    }
  }
  if (!declared) return workflow;
  if (expected.length === 0) return { ...workflow, expectations: 'declared' };
  return {
    ...workflow,
    expectations: 'declared',
    members: new Set<GraphDraftNode>([...workflow.members, ...expected]),
    ordered: [...workflow.ordered, ...expected].sort(byTimeAndId),
    deliveries: [...workflow.deliveries, ...expected].sort(byTimeAndId),
  };
}

/** Who received an event, in whichever of its publishes: one that an outbox sent twice, or that was replayed, is one event. */
function consumersByEvent(events: readonly EventDraft[]): Map<string, Set<string>> {
  const byEvent = new Map<string, Set<string>>();
  for (const event of events) {
    const identity = identityOf(event.kind === 'replay' ? (event.origin ?? event) : event);
    let consumers = byEvent.get(identity);
    if (consumers === undefined) {
      consumers = new Set();
      byEvent.set(identity, consumers);
    }
    // What was dead-lettered was received before.
    if (event.kind !== 'dead-letter') for (const { consumer } of event.deliveries) consumers.add(consumer);
  }
  return byEvent;
}

function identityOf({ id, eventId, eventName, environment }: EventDraft): string {
  return eventId === null ? id : JSON.stringify([environment, eventName, eventId]);
}

function expectedDelivery(event: EventDraft, consumer: string, withinNano: bigint): DeliveryDraft {
  const delivery: DeliveryDraft = {
    type: 'delivery',
    id: `delivery:${event.id}:${consumer}`,
    causes: [],
    effects: [],
    spanIds: NO_SPANS,
    event,
    consumer,
    attempts: [],
    deadLettered: false,
    expected: { withinNano },
  };
  // Not `connect`: the event must not lead to it for others.
  delivery.causes.push({
    from: event,
    to: delivery,
    kind: 'delivered',
    evidence: evidenceOf('inferred'),
    confidence: EXPECTED_CONFIDENCE,
    owners: null,
    ambiguous: false,
  });
  return delivery;
}
