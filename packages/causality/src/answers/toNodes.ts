import type {
  AttemptNode,
  DeliveryNode,
  DeliveryStatus,
  EventNode,
  GraphNode,
  StepNode,
} from '@upshot/model';
import { endOf, startOf } from '../graph/Draft.js';
import type { AttemptDraft, DeliveryDraft, EventDraft, GraphDraftNode, StepDraft } from '../graph/nodes.js';
import { publishError } from './neverPublished.js';
import { traceOf } from './Workflow.js';

const SPAN_KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const;

export function eventNode(event: EventDraft): EventNode {
  const spanId = event.reading?.span.spanId || null;
  const error = publishError(event);
  const byRecord = event.reading === null ? (event.records[0]?.record.spanId ?? null) : null;
  return {
    id: event.id,
    eventId: event.eventId,
    eventName: event.eventName,
    kind: event.kind,
    producer: event.producer,
    destination: event.destination,
    system: event.system,
    correlationId: event.correlationId,
    causationId: event.causationId,
    traceId: traceOf(event),
    spanId: spanId ?? byRecord,
    timeUnixNano: String(event.time),
    environment: event.environment,
    ...(error === null ? {} : { error }),
    ...further(event),
  };
}

export function deliveryNode(delivery: DeliveryDraft, status: DeliveryStatus): DeliveryNode {
  return {
    id: delivery.id,
    event: delivery.event.id,
    consumer: delivery.consumer,
    attempts: delivery.attempts.map(({ id }) => id),
    status,
    ...further(delivery),
  };
}

/**
 * The attempts of a delivery. Numbers go from 1 by time; a number that the span states counts where it is later than the place in line:
 * then earlier tries were not seen.
 */
export function attemptNodes(delivery: DeliveryDraft): AttemptNode[] {
  let number = 0;
  let before: AttemptDraft | null = null;
  return delivery.attempts.map((attempt) => {
    const { reading } = attempt;
    number = Math.max(number + 1, reading.attempt ?? 0);
    const end = endOf(attempt);
    const wait = waitOf(attempt, before);
    before = attempt;
    return {
      id: attempt.id,
      delivery: delivery.id,
      number,
      step: stepName(attempt),
      service: reading.service,
      outcome: attempt.outcome,
      error: attempt.outcome === 'failed' ? (attempt.error ?? { type: 'Error', message: '' }) : null,
      startTimeUnixNano: String(startOf(attempt)),
      endTimeUnixNano: end === null ? null : String(end),
      waitNano: wait === null ? null : String(wait),
      traceId: reading.span.traceId,
      spanId: reading.span.spanId || null,
      ...further(attempt),
    };
  });
}

/** `shown`: the nodes of the answer, among which its parent is named. */
export function stepNode(step: StepDraft, shown: ReadonlySet<GraphDraftNode>): StepNode {
  const { reading } = step;
  const { span } = reading;
  const end = span.endTimeUnixNano === 0n ? span.startTimeUnixNano : span.endTimeUnixNano;
  return {
    id: step.id,
    parent: parentAmong(step, shown)?.id ?? null,
    step: reading.step ?? span.name,
    service: reading.service,
    layer: step.transport ? 'transport' : reading.layer,
    spanKind: SPAN_KINDS[span.kind] ?? 'internal',
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(end),
    error: reading.outcome === 'failed' ? reading.error : null,
    traceId: span.traceId,
    spanId: span.spanId,
    ...further(step),
  };
}

/** Below a span that stands for attempts of several workflows a step has several parents: the one that this answer shows. */
function parentAmong(
  { parent, causes }: StepDraft,
  shown: ReadonlySet<GraphDraftNode>,
): GraphDraftNode | null {
  if (parent === null || shown.has(parent)) return parent;
  return causes.find(({ from, evidence }) => evidence.has('parent') && shown.has(from))?.from ?? null;
}

/** A node of whichever type, told by its `type`; `shown` are the nodes of the answer. */
export function graphNode(
  node: GraphDraftNode,
  status: (delivery: DeliveryDraft) => DeliveryStatus,
  shown: ReadonlySet<GraphDraftNode>,
): GraphNode {
  switch (node.type) {
    case 'event':
      return { type: 'event', ...eventNode(node) };
    case 'delivery':
      return { type: 'delivery', ...deliveryNode(node, status(node)) };
    case 'attempt':
      return { type: 'attempt', ...attemptNodes(node.delivery!).find(({ id }) => id === node.id)! };
    case 'step':
      return { type: 'step', ...stepNode(node, shown) };
  }
}

/** The business step of an attempt; where its span names only the transport, the consumer with the event. */
export function stepName(attempt: AttemptDraft): string {
  return attempt.reading.step ?? `${attempt.consumer} ${attempt.event.eventName}`.trim();
}

/** Wait in the broker before a first attempt, back-off before a later one; null where it is not known or would be negative. */
export function waitOf(attempt: AttemptDraft, before: AttemptDraft | null): bigint | null {
  if (before === null && attempt.event.unseen !== null) return null;
  const since = before === null ? attempt.event.time : endOf(before);
  if (since === null) return null;
  const wait = startOf(attempt) - since;
  return wait < 0n ? null : wait;
}

function further(node: GraphDraftNode): { spanIds?: string[] } {
  if (node.spanIds.size === 0) return {};
  return { spanIds: [...node.spanIds].filter((id) => id !== '').sort() };
}
