import { deadLetterOf, isAmbiguousName, isDeadLetterName, isFor } from '../../interpret/retryNames.js';
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
    const first = own[0]!;
    if (giver === null) {
      if (byConsumer.size === 1 && isLetterOf(event, first)) putAsideUnseen(draft, event, own);
      continue;
    }
    const { consumer } = first;
    const place =
      first.reading.destination === event.destination ? consumer : (first.reading.destination ?? consumer);
    const certain = event.eventId !== null && first.message.eventId === event.eventId;
    const letter = deadLetter(draft, event, givenUpBy(giver), place);
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
    connect(last, deadLetter(draft, event, givenUpBy(last), place), 'dead-lettered', ['parent'], 1);
  }
}

/** Whether the one consumer that is known of a message has it from the dead-letter place that is named after the place which it was sent to. */
function isLetterOf(event: EventDraft, { message, reading: { destination } }: AttemptDraft): boolean {
  if (event.destination === null || destination === null || destination === event.destination) return false;
  if (event.eventId === null || message.eventId !== event.eventId) return false;
  if (!isDeadLetterName(destination) || isAmbiguousName(destination)) return false;
  return isFor(deadLetterOf(destination), [event.destination]);
}

/**
 * Somebody gave the event up of whose tries nothing is known: instrumentations may send the span of one only when it succeeded (boto3sqs). A queue's consumer
 * is called by the queue.
 */
function putAsideUnseen(draft: Draft, event: EventDraft, own: readonly AttemptDraft[]): void {
  const first = own[0]!;
  const consumer = event.destination ?? '';
  const letter = deadLetter(draft, event, { consumer, time: startOf(first) }, first.reading.destination);
  draft.givenUp.push({ event, consumer, letter });
  for (const attempt of own) attempt.event = letter;
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
    // One try of which nothing says that it failed is that of a consumer which coped, unless the place is named after it.
    const isTold = attempts.length > 1 || bases.includes(consumer);
    const hasFailed = (attempt: AttemptDraft) =>
      failures.failed(attempt) && (isTold || !failures.onlyByFate(attempt));
    const failed = attempts.filter(
      (attempt) => hasFailed(attempt) && (bases.length > 0 || verdictOf(draft, attempt) === 'dead-letter'),
    );
    // A handler may reject its message before it returns: the dead letter may be there before the attempt ends.
    const before = failed.filter((attempt) => startOf(attempt) <= hadMessageAt(first));
    // What is named after the consumer that gave up is its dead letters' whatever the clocks say.
    const last = before.at(-1) ?? (bases.includes(consumer) ? failed.at(-1) : undefined);
    const coped = attempts.some((attempt) => attempt.outcome === 'succeeded' && !hasFailed(attempt));
    if (last !== undefined && !coped) candidates.push(last);
  }
  if (candidates.length === 0) return null;
  const byName = candidates.filter(({ consumer }) => bases.includes(consumer));
  return (byName.length > 0 ? byName : candidates).sort(byStart).at(-1)!;
}

/** Who gave an event up, "" where nobody is known, and when. */
interface GivenUp {
  readonly consumer: string;
  readonly time: bigint;
}

function givenUpBy(attempt: AttemptDraft): GivenUp {
  return { consumer: attempt.consumer, time: endOf(attempt) ?? startOf(attempt) };
}

function deadLetter(draft: Draft, origin: EventDraft, by: GivenUp, place: string | null): EventDraft {
  const letter: EventDraft = {
    ...origin,
    id: `dead-letter:${origin.id}:${by.consumer}`,
    kind: 'dead-letter',
    reading: null,
    producer: by.consumer,
    destination: place,
    time: by.time,
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
