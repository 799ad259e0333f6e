import type { RuleChecker } from '@upshot/conventions';
import type { DeliveryDraft, EventDraft, GraphDraftNode } from '../../graph/nodes.js';
import { byTimeAndId } from '../../graph/part/Partition.js';
import type { Workflow } from '../Workflow.js';

/** How sure it is that a delivery should be there which only a declaration speaks of: it is expected, not seen. */
const EXPECTED_CONFIDENCE = 0.5;

/**
 * The workflow with the deliveries that were declared as expected and are not there. They are its own: the graph, which other workflows may
 * share, knows nothing of them. Only events whose publish is known are asked about, for what a lost context made of one event are several.
 */
export function withExpected(workflow: Workflow, checker: RuleChecker): Workflow {
  const expected: DeliveryDraft[] = [];
  let declared = false;
  for (const event of workflow.events) {
    if (event.kind !== 'event' || event.reading === null) continue;
    for (const { consumer, withinMs } of checker.expectedConsumers(event.eventName)) {
      declared = true;
      if (event.deliveries.some((delivery) => delivery.consumer === consumer)) continue;
      if (expected.some((one) => one.event === event && one.consumer === consumer)) continue;
      expected.push(expectedDelivery(event, consumer, BigInt(withinMs) * 1_000_000n));
    }
  }
  if (!declared) return workflow;
  if (expected.length === 0) return { ...workflow, expectations: 'declared' };
  return {
    ...workflow,
    expectations: 'declared',
    members: new Set<GraphDraftNode>([...workflow.members, ...expected]),
    deliveries: [...workflow.deliveries, ...expected].sort(byTimeAndId),
  };
}

function expectedDelivery(event: EventDraft, consumer: string, withinNano: bigint): DeliveryDraft {
  const delivery: DeliveryDraft = {
    type: 'delivery',
    id: `delivery:${event.id}:${consumer}`,
    causes: [],
    effects: [],
    spanIds: new Set(),
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
    evidence: new Set(['inferred']),
    confidence: EXPECTED_CONFIDENCE,
    owners: null,
    ambiguous: false,
  });
  return delivery;
}
