import { deadLetterOf, isDeadLetterName } from '../../interpret/retryNames.js';
import { push } from '../Contexts.js';
import { byStart, type Draft, endOf, givenUpTo, hadMessageAt, startOf, verdictOf } from '../Draft.js';
import { type AttemptDraft, connect, type EventDraft, NO_SPANS } from '../nodes.js';
import type { FailuresBelow } from './failBelow.js';

/** Confidence that a consumer elsewhere received the dead letter, where only place and time tell. */
const BY_PLACE_AND_TIME = 0.9;

/**
 * Dead letters that a broker moves by itself: nobody publishes them, and their consumer looks like one more consumer of the first publish. It
 * is told apart by place and time: another place than the event's, named as one for dead letters or reached after a consumer had given up.
 */
export function buryDeadLetters(draft: Draft, failures: FailuresBelow): void {
  const byEvent = new Map<EventDraft, AttemptDraft[]>();
  for (const attempt of draft.attempts) push(byEvent, attempt.event, attempt);
  for (const [event, attempts] of byEvent) {
    if (event.kind === 'event') buryOf(draft, failures, event, attempts.sort(byStart));
  }
}

function buryOf(
  draft: Draft,
  failures: FailuresBelow,
  event: EventDraft,
  attempts: readonly AttemptDraft[],
): void {
  const byConsumer = new Map<string, AttemptDraft[]>();
  for (const attempt of attempts) push(byConsumer, groupOf(attempt, event), attempt);
  const letters = new Map<string, EventDraft>();
  for (const own of byConsumer.values()) {
    const giver = giverFor(draft, failures, event, own, byConsumer);
    if (giver === null) continue;
    const first = own[0]!;
    const { consumer } = first;
    const place =
      first.reading.destination === event.destination ? consumer : (first.reading.destination ?? consumer);
    const certain = event.eventId !== null && first.message.eventId === event.eventId;
    const letter = deadLetter(draft, event, giver, place);
    letters.set(giver.consumer, letter);
    connect(
      giver,
      letter,
      'dead-lettered',
      certain ? ['event-id'] : ['inferred'],
      certain ? 1 : BY_PLACE_AND_TIME,
    );
    for (const attempt of own) attempt.event = letter;
  }
  for (const own of byConsumer.values()) {
    const last = own.at(-1)!;
    if (last.event !== event || letters.has(last.consumer)) continue;
    if (last.outcome !== 'failed' || verdictOf(draft, last) !== 'dead-letter') continue;
    if (own.some(({ outcome }) => outcome === 'succeeded')) continue;
    if (
      draft.events.some(
        (other) => other.kind === 'dead-letter' && other.origin === event && comesFrom(other, own),
      )
    )
      continue;
    const { system, destination } = last.reading;
    const place =
      givenUpTo(draft, last) ??
      (system === 'bullmq' && destination !== null ? `${destination}:failed` : null);
    connect(last, deadLetter(draft, event, last, place), 'dead-lettered', ['parent'], 1);
  }
}

/** A consumer; one that reads the dead letters of what it gave up itself is two. */
function groupOf({ consumer, reading: { destination } }: AttemptDraft, event: EventDraft): string {
  const isAside = destination !== null && destination !== event.destination && isDeadLetterName(destination);
  return JSON.stringify([consumer, isAside ? destination : null]);
}

function comesFrom(letter: EventDraft, attempts: readonly AttemptDraft[]): boolean {
  return (
    letter.causes.length === 0 ||
    letter.causes.some(({ from }) => from.type !== 'attempt' || attempts.includes(from))
  );
}

/** The attempt after which an event was given up to this consumer's place; null for a consumer like any other. */
function giverFor(
  draft: Draft,
  failures: FailuresBelow,
  event: EventDraft,
  own: readonly AttemptDraft[],
  byConsumer: ReadonlyMap<string, readonly AttemptDraft[]>,
): AttemptDraft | null {
  const first = own[0]!;
  const { destination } = first.reading;
  const elsewhere = destination !== null && event.destination !== null && destination !== event.destination;
  // Where the event itself has such a name (`payment.failed`), its consumers are consumers like any other.
  const names = [first.consumer, elsewhere ? destination : ''].filter(isDeadLetterName);
  // A header says it, whatever the place is called.
  const { deadLetterOf: origin } = first.reading;
  if (!elsewhere && names.length === 0 && origin === null) return null;
  const bases = [...names.map(deadLetterOf), ...(origin === null ? [] : [origin])];
  const candidates: AttemptDraft[] = [];
  for (const attempts of byConsumer.values()) {
    if (attempts === own) continue;
    const consumer = attempts[0]!.consumer;
    const failed = attempts.filter(
      (attempt) =>
        failures.failed(attempt) && (bases.length > 0 || verdictOf(draft, attempt) === 'dead-letter'),
    );
    // A handler may reject its message before it returns: the dead letter may be there before the attempt ends.
    const before = failed.filter((attempt) => startOf(attempt) <= hadMessageAt(first));
    // What is named after the consumer that gave up is its dead letters' whatever the clocks say.
    const last = before.at(-1) ?? (bases.includes(consumer) ? failed.at(-1) : undefined);
    const coped = attempts.some((attempt) => attempt.outcome === 'succeeded' && !failures.failed(attempt));
    if (last !== undefined && !coped) candidates.push(last);
  }
  if (candidates.length === 0) return null;
  const byName = candidates.filter(({ consumer }) => bases.includes(consumer));
  return (byName.length > 0 ? byName : candidates).sort(byStart).at(-1)!;
}

function deadLetter(draft: Draft, origin: EventDraft, giver: AttemptDraft, place: string | null): EventDraft {
  const letter: EventDraft = {
    ...origin,
    id: `dead-letter:${origin.id}:${giver.consumer}`,
    kind: 'dead-letter',
    reading: null,
    producer: giver.consumer,
    destination: place,
    time: endOf(giver) ?? startOf(giver),
    unseen: null,
    missing: null,
    records: [],
    deliveries: [],
    causes: [],
    effects: [],
    spanIds: NO_SPANS,
    origin,
  };
  draft.events.push(letter);
  return letter;
}
