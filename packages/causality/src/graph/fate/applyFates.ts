import type { MessageRef, RecordReading } from '../../interpret/Reading.js';
import { push } from '../Contexts.js';
import { byStart, type Draft, startOf } from '../Draft.js';
import { type AttemptDraft, connect, type EventDraft, NO_SPANS } from '../nodes.js';

/**
 * What records say became of an event: `dead-lettered` and `replayed`, each a node of its own kind. A consumer of whose attempts nothing is
 * known gave up a delivery all the same.
 */
export function applyFates(draft: Draft): void {
  if (draft.fates.length === 0) return;
  const known = new Map<string, EventDraft[]>();
  for (const event of draft.events) {
    if (event.eventId !== null) push(known, keyOf(event), event);
  }
  const attemptsOf = new Map<EventDraft, AttemptDraft[]>();
  for (const attempt of draft.attempts) push(attemptsOf, attempt.event, attempt);
  for (const fate of draft.fates) {
    const { record } = fate;
    const sameId = known.get(keyOf(record)) ?? [];
    const letters = sameId.filter(({ kind }) => kind === 'dead-letter');
    const origin = sameId.find(({ kind }) => kind === 'event') ?? null;
    if (record.phase === 'replayed') {
      const node = fateEvent(fate, 'replay', origin);
      add(draft, known, node);
      const letter = letters.filter(({ time }) => time <= node.time).at(-1) ?? letters[0] ?? origin;
      if (letter !== null) connect(letter, node, 'replayed', ['event-id'], 1);
      continue;
    }
    const same = letters.find(({ causes }) => isGivenUpBy(causes[0]?.from, record.consumerName));
    if (same !== undefined) {
      same.records.push(fate);
      same.destination ??= record.destination;
      continue;
    }
    const event = origin ?? fateEvent(fate, 'event', null);
    if (origin === null) add(draft, known, event);
    const letter = fateEvent(fate, 'dead-letter', event);
    add(draft, known, letter);
    const attempts = (attemptsOf.get(event) ?? []).filter(
      ({ consumer }) => record.consumerName === null || consumer === record.consumerName,
    );
    // Tries after a replay come later than what was given up.
    const before = attempts.filter((attempt) => startOf(attempt) <= letter.time);
    const last = (before.length > 0 ? before : attempts).sort(byStart).at(-1);
    if (last !== undefined) connect(last, letter, 'dead-lettered', ['event-id'], 1);
    else draft.givenUp.push({ event, consumer: record.consumerName ?? '', letter });
  }
}

function isGivenUpBy(
  giver: EventDraft['causes'][number]['from'] | undefined,
  consumer: string | null,
): boolean {
  return giver?.type === 'attempt' && (consumer === null || giver.consumer === consumer);
}

function add(draft: Draft, known: Map<string, EventDraft[]>, event: EventDraft): void {
  draft.events.push(event);
  push(known, keyOf(event), event);
}

function keyOf({ environment, eventId }: { environment: string; eventId: string | null }): string {
  return JSON.stringify([environment, eventId]);
}

function fateEvent(fate: RecordReading, kind: EventDraft['kind'], origin: EventDraft | null): EventDraft {
  const { record, identity } = fate;
  return {
    type: 'event',
    id: `${kind}:record:${identity}`,
    causes: [],
    effects: [],
    spanIds: NO_SPANS,
    kind,
    reading: null,
    message: origin?.message ?? NO_MESSAGE,
    eventId: record.eventId,
    eventName: record.eventName,
    producer: kind === 'event' ? record.producer : record.producer || record.consumerName || '',
    destination: kind === 'event' ? null : record.destination,
    system: origin?.system ?? null,
    correlationId: record.correlationId ?? origin?.correlationId ?? null,
    causationId: record.causationId,
    environment: record.environment,
    time: BigInt(record.startTimeUnixNano),
    // An event of which only its end is known: nobody is known to have published it.
    unseen: kind === 'event' ? 'no-context' : null,
    missing: null,
    records: [fate],
    deliveries: [],
    sentAgain: false,
    origin,
  };
}

const NO_MESSAGE: MessageRef = {
  eventId: null,
  transportId: null,
  eventSource: null,
  partition: null,
  offset: null,
  messageKey: null,
  correlationId: null,
  causationId: null,
  link: null,
};
