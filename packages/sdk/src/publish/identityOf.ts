import { randomUUID } from 'node:crypto';
import type { Work } from '../context/scope.js';
import { type Incoming, incomingOf, NOTHING } from '../wire/incomingOf.js';
import type { EventIdentity } from '../wire/outgoingHeaders.js';
import { MOST_ID, textOf } from '../wire/texts.js';
import type { Publication } from './Publication.js';

/** Who an event is: what the caller says, else what the message's own headers say, else what is being handled, else made anew. */
export function identityOf(publication: Publication, work: Work | null): EventIdentity & { eventId: string } {
  const { headers, event, resend } = publication;
  const said = headers === undefined || headers === null ? NOTHING : incomingOf(headers);
  const name = text(event);
  const place = text(publication.placeName) ?? text(publication.destination);
  const again =
    resend ??
    (said.eventId !== null &&
      (name === null ? looksAgain(publication, said, work) : name === said.eventName));
  const own = text(publication.correlationId);
  const passedOn = work?.relays === true && said.eventId === null && resend !== false ? work : null;
  if (passedOn !== null && passedOn.eventId !== null && (name === null || name === passedOn.eventName)) {
    return {
      eventId: text(publication.id) ?? passedOn.eventId,
      eventName: name ?? passedOn.eventName ?? place,
      correlationId: own ?? passedOn.correlationId,
      causationId: text(publication.causationId) ?? passedOn.causationId,
    };
  }
  if (again) {
    const cause = said.eventId === work?.eventId ? null : (work?.eventId ?? null);
    return {
      eventId: text(publication.id) ?? said.eventId ?? randomUUID(),
      eventName: name ?? said.eventName ?? place,
      correlationId: own ?? said.correlationId ?? work?.correlationId ?? null,
      causationId: text(publication.causationId) ?? said.causationId ?? cause,
    };
  }
  // Headers that carry another event's ID were copied from its message: what they say of the event is not about this one.
  const copied = said.eventId !== null;
  return {
    eventId: text(publication.id) ?? randomUUID(),
    eventName: name ?? (copied ? null : said.eventName) ?? place,
    // A header of this name may be that of a request and its reply: the workflow is the nearer one.
    correlationId: own ?? work?.correlationId ?? said.correlationId,
    causationId: text(publication.causationId) ?? (copied ? null : said.causationId) ?? work?.eventId ?? null,
  };
}

/** Words in the names of retry and dead-letter places, as users and frameworks call them. */
const AGAIN = /retr(?:y|ies)|dead|dl[qtx]\b|poison|park|delay|error/i;
const DEAD = /dead|dl[qtx]\b|poison|park|error/i;

/**
 * Whether a message that carries an event's ID is that event once more. Where it is the one being handled, its headers may as well have been copied
 * to a follow-up: then the places tell where it goes, and where it comes from.
 */
function looksAgain({ placeName, destination }: Publication, said: Incoming, work: Work | null): boolean {
  if (said.eventId !== work?.eventId || work.relays === true) return true;
  if (work.place !== null && DEAD.test(work.place)) return true;
  return [placeName, destination].some(
    (place) => place !== undefined && (AGAIN.test(place) || place === said.eventName),
  );
}

function text(value: unknown): string | null {
  return value === undefined ? null : textOf(value, MOST_ID);
}
