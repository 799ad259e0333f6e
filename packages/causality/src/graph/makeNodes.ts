import type { Evidence } from '@upshot/model';
import type { MessageRef, Reading, SpanContext } from '../interpret/Reading.js';
import { type EvidenceSet, evidenceOf } from './evidence.js';
import { type AttemptDraft, type EventDraft, NO_SPANS, type StepDraft } from './nodes.js';

const NO_EDGES = () => ({ causes: [], effects: [], spanIds: NO_SPANS });

/** The event that a publish published; `message` names it among several. */
export function publishedEvent(reading: Reading, message: MessageRef, many: string | null): EventDraft {
  return {
    type: 'event',
    id: many === null ? `event:${reading.id}` : `event:${reading.id}:${many}`,
    ...NO_EDGES(),
    kind: 'event',
    reading,
    message,
    eventId: message.eventId,
    eventName: reading.eventName,
    producer: producerOf(reading),
    destination: reading.destination,
    system: reading.system,
    correlationId: message.correlationId ?? reading.correlationId,
    causationId: message.causationId ?? reading.causationId,
    environment: reading.environment,
    time: reading.span.startTimeUnixNano,
    unseen: null,
    missing: null,
    records: [...reading.records],
    deliveries: [],
    sentAgain: false,
    origin: null,
  };
}

/** The service that published; of a CloudEvent its `source`, which is what the sender calls the producer. */
function producerOf({ stored, service, records }: Reading): string {
  const source = records.find(({ record }) => record.form === 'cloudevent' && record.producer !== '');
  return source?.record.producer ?? (stored ? service : records[0]!.record.producer);
}

/** An event that only its consumer tells of. */
export function unseenEvent(
  id: string,
  consumer: Reading,
  message: MessageRef,
  unseen: EventDraft['unseen'],
  missing: SpanContext | null,
  producer: string,
): EventDraft {
  return {
    ...publishedEvent(consumer, message, null),
    id,
    reading: null,
    producer,
    correlationId: message.correlationId ?? consumer.correlationId,
    causationId: message.causationId ?? consumer.causationId,
    unseen,
    missing,
    records: [],
  };
}

export function attemptOf(
  reading: Reading,
  message: MessageRef,
  event: EventDraft,
  evidence: EvidenceSet | readonly Evidence[],
  confidence: number,
): AttemptDraft {
  return {
    type: 'attempt',
    id: reading.messages.length === 1 ? `attempt:${reading.id}` : `attempt:${reading.id}:${event.id}`,
    ...NO_EDGES(),
    reading,
    message,
    event,
    delivery: null,
    consumer: reading.consumer,
    evidence: evidence instanceof Set ? evidence : evidenceOf(evidence),
    confidence,
    outcome: reading.outcome,
    error: reading.error,
  };
}

export function stepOf(reading: Reading, transport: boolean): StepDraft {
  return { type: 'step', id: `step:${reading.id}`, ...NO_EDGES(), reading, parent: null, transport };
}
