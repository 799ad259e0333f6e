import {
  deadLetterOf,
  isAmbiguousName,
  isAmbiguousRetryName,
  isDeadLetterName,
  isFor,
  isRetryName,
  withoutRetrySuffix,
} from '../../interpret/retryNames.js';
import { attemptAbove, type Draft } from '../Draft.js';
import { stepOf } from '../makeNodes.js';
import { type AttemptDraft, connect, type EventDraft } from '../nodes.js';
import type { FailuresBelow } from './failBelow.js';

/**
 * Tells a message that is published again from a new event. To the same consumer (retry topics, Celery's retries, a resend): no new event, its
 * process spans are further attempts and the republish is a step. To a dead-letter place: a dead letter. From there back again: a replay.
 */
export function foldRepublishes(draft: Draft, failures: FailuresBelow): void {
  const ordered = draft.events.filter(({ reading }) => reading !== null).sort(byTime);
  const attemptsOf = new Map<EventDraft, AttemptDraft[]>();
  for (const attempt of draft.attempts) {
    const list = attemptsOf.get(attempt.event);
    if (list === undefined) attemptsOf.set(attempt.event, [attempt]);
    else list.push(attempt);
  }
  const firstOf = new Map<string, EventDraft[]>();
  const folded = new Set<EventDraft>();
  for (const event of ordered) {
    const above = attemptAbove(event);
    const source = above === null ? null : (above.event.origin ?? above.event);
    const named = sameMessageAs(event, firstOf);
    const backToTheSame = cameBack(attemptsOf.get(event) ?? [], above, failures);
    const origin = originOf(event, above, source, named, backToTheSame);
    if (origin === null) {
      rememberFirst(event, firstOf);
      continue;
    }
    if (isDeadLetterFor(event, origin, above)) {
      event.kind = 'dead-letter';
      event.origin = origin;
      event.eventId ??= origin.eventId;
      event.eventName = origin.eventName;
      event.correlationId ??= origin.correlationId;
      continue;
    }
    if (isReplay(event, origin, above, draft)) {
      event.kind = 'replay';
      event.origin = origin;
      event.eventName = origin.eventName;
      continue;
    }
    folded.add(event);
    if (event.reading!.outcome !== 'failed') origin.sentAgain = true;
    const step = stepOf(event.reading!, true);
    for (const cause of event.causes) {
      cause.from.effects.splice(cause.from.effects.indexOf(cause), 1);
      connect(cause.from, step, 'called', cause.evidence, cause.confidence, {
        owners: cause.owners,
        ambiguous: cause.ambiguous,
      });
      step.parent ??= cause.from;
    }
    if (step.parent === null) {
      connect(origin, step, 'called', ['event-id'], 1);
      step.parent = origin;
    }
    draft.steps.push(step);
    const moved = attemptsOf.get(event) ?? [];
    for (const attempt of moved) {
      attempt.event = origin;
      attempt.consumer = withoutRetrySuffix(attempt.consumer);
    }
    const kept = attemptsOf.get(origin);
    if (kept === undefined) attemptsOf.set(origin, moved);
    // They may be one and the same list: of two that were folded into each other.
    else if (kept !== moved) for (const attempt of moved) kept.push(attempt);
    for (const effect of [...event.effects]) {
      effect.to.causes.splice(effect.to.causes.indexOf(effect), 1);
      connect(step, effect.to, 'called', effect.evidence, effect.confidence);
      if (effect.to.type === 'step') effect.to.parent = step;
    }
  }
  if (folded.size > 0) draft.events = draft.events.filter((event) => !folded.has(event));
}

/** The event that this one sends again; null for a new event. */
function originOf(
  event: EventDraft,
  above: AttemptDraft | null,
  source: EventDraft | null,
  named: EventDraft | null,
  backToTheSame: boolean,
): EventDraft | null {
  if (above === null || source === null) return named;
  const destination = event.destination ?? '';
  const sameId = event.eventId !== null && event.eventId === source.eventId;
  const samePlace = withoutRetrySuffix(destination) === withoutRetrySuffix(source.destination ?? '');
  // A counter is the ID of another message in another queue.
  if (sameId && samePlace) return source;
  if (isDeadLetterName(destination)) {
    const named = sameId && !/^\d+$/.test(event.eventId!);
    const byPlace = isAmbiguousName(destination);
    const isSaid = event.reading?.verdict === 'dead-letter' && !byPlace;
    return named || isSaid || isAbout(deadLetterOf(destination), source, above, byPlace) ? source : null;
  }
  // Back from there by whatever way: to the queue of its consumer alone, say.
  if (sameId && readsDeadLetters(above) && !/^\d+$/.test(event.eventId!)) return source;
  if (sameId && backToTheSame && !/^\d+$/.test(event.eventId!)) return source;
  if (!isRetryName(destination) || !isAbout(withoutRetrySuffix(destination), source, above)) return null;
  return isAmbiguousRetryName(destination) && !backToTheSame ? null : source;
}

/** Whether what a failed attempt published came, by whatever way, to its own consumer alone: a queue in which messages wait, for one. */
function cameBack(
  attempts: readonly AttemptDraft[],
  above: AttemptDraft | null,
  failures: FailuresBelow,
): boolean {
  if (above === null || attempts.length === 0 || !failures.failed(above)) return false;
  const consumer = withoutRetrySuffix(above.consumer);
  return attempts.every((attempt) => withoutRetrySuffix(attempt.consumer) === consumer);
}

/**
 * Whether a retry or dead-letter place is that of this event or this consumer: by its name, or, having none, by the failure before it.
 * `byPlace`: only where it is named after the place that the message came from, not after who works there.
 */
function isAbout(base: string, source: EventDraft, above: AttemptDraft, byPlace = false): boolean {
  if (base === '') return above.outcome === 'failed';
  const places = [source.destination ?? '', source.eventName, ...above.reading.places];
  const names = byPlace ? places : [...places, above.consumer, above.reading.service];
  return isFor(base, names);
}

/** An earlier event with the same message ID, which is no counter, in the same system and, unless it is a dead letter, the same place. */
function sameMessageAs(
  event: EventDraft,
  firstOf: ReadonlyMap<string, readonly EventDraft[]>,
): EventDraft | null {
  if (event.eventId === null || /^\d+$/.test(event.eventId)) return null;
  // An outbox takes a message in before it is known by which system it will go.
  const first = firstOf
    .get(messageKey(event))
    ?.find(({ system }) => system === null || event.system === null || system === event.system);
  if (first === undefined || first === event) return null;
  const destination = event.destination ?? '';
  const samePlace = withoutRetrySuffix(destination) === withoutRetrySuffix(first.destination ?? '');
  return samePlace || isDeadLetterName(destination) ? first : null;
}

function rememberFirst(event: EventDraft, firstOf: Map<string, EventDraft[]>): void {
  if (event.eventId === null) return;
  const known = firstOf.get(messageKey(event));
  if (known === undefined) firstOf.set(messageKey(event), [event]);
  else if (!known.some(({ system }) => system === event.system)) known.push(event);
}

function messageKey(event: EventDraft): string {
  return JSON.stringify([event.environment, event.message.eventSource, event.eventId]);
}

function isDeadLetterFor(event: EventDraft, origin: EventDraft, above: AttemptDraft | null): boolean {
  const destination = event.destination ?? '';
  return (
    isDeadLetterName(destination) &&
    destination !== origin.destination &&
    (above === null || above.event.kind === 'event')
  );
}

/** A message that comes back from where its dead letter lay, or that is sent again after it had been given up. */
function isReplay(event: EventDraft, origin: EventDraft, above: AttemptDraft | null, draft: Draft): boolean {
  if (above !== null) return readsDeadLetters(above);
  return draft.events.some(
    (other) => other.kind === 'dead-letter' && other.origin === origin && other.time <= event.time,
  );
}

function readsDeadLetters({ event, reading }: AttemptDraft): boolean {
  return event.kind === 'dead-letter' || isDeadLetterName(reading.destination ?? '');
}

function byTime(a: EventDraft, b: EventDraft): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
