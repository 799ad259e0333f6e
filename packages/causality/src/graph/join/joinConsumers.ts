import type { Evidence } from '@upshot/model';
import type { MessageRef, Reading } from '../../interpret/Reading.js';
import type { Contexts } from '../Contexts.js';
import { withEvidence } from '../evidence.js';
import { attemptOf, publishedEvent, unseenEvent } from '../makeNodes.js';
import { type AttemptDraft, contextKey, type EventDraft } from '../nodes.js';
import type { Roles } from '../roles.js';
import { causeOfFollowUps } from './causeOfFollowUps.js';
import { EventIndex } from './EventIndex.js';
import { type Lead, leadsOf } from './leadsOf.js';
import { type Claim, identityOfMessage, type Publication, publishedMany } from './Publications.js';
import { sentAgainBy } from './sentAgainBy.js';

/** Confidence of a join by correlation ID alone, where one event fits; shared among them where several do. */
const CORRELATION_CONFIDENCE = 0.8;
/** How far a consumer's clock may be behind the producer's: what a common quartz (20 ppm) drifts in a month. 1 minute. */
const CLOCK_SKEW_NANO = 60n * 1_000_000_000n;
/** Confidence of a delivery whose event only its consumer tells of. */
const UNSEEN_CONFIDENCE = 0.5;

export interface Joined {
  readonly publications: ReadonlyMap<Reading, Publication>;
  readonly events: EventDraft[];
  readonly attempts: AttemptDraft[];
  readonly index: EventIndex;
  /** Events that were published by a span which is no producer: its context reached the consumer all the same. */
  readonly publishedBy: ReadonlyMap<EventDraft, Reading>;
}

/**
 * Joins each message of each attempt to its event: by parent (up through its `receive`) and link together; where they lead nowhere by message
 * ID and position; where these do neither by what their follow-ups name as their cause, then by correlation ID and place; else to an event made from what the consumer says.
 */
export function joinConsumers(contexts: Contexts, roles: Roles): Joined {
  const carrierOf = new Map<Reading, Reading>();
  for (const [carrier, within] of roles.carriers)
    for (const attempt of within) carrierOf.set(attempt, carrier);
  const publishing = new Set(roles.publishes);
  const claimed = new Map<Reading, Claim[]>();
  const open: { reading: Reading; message: MessageRef; lead: Lead }[] = [];
  for (const reading of roles.attempts) {
    for (const { message, lead } of leadsOf(reading, contexts, carrierOf, publishing, roles)) {
      open.push({ reading, message, lead });
      if (lead.to === 'publish') {
        const claims = claimed.get(lead.publication);
        if (claims === undefined) claimed.set(lead.publication, [{ reading, message }]);
        else claims.push({ reading, message });
      }
    }
  }

  const index = new EventIndex();
  const publications = new Map<Reading, Publication>();
  const byRecordId = new Map<string, EventDraft>();
  const events: EventDraft[] = [];
  for (const reading of roles.publishes) {
    const publication = publish(reading, claimed.get(reading) ?? []);
    const same = sameByRecord(publication, byRecordId);
    publications.set(reading, same === null ? publication : { ...publication, events: [same] });
    if (same !== null) continue;
    for (const event of publication.events) events.push(event);
    for (const event of publication.events) index.learn(event, event.message, reading);
  }
  for (const [sender, created] of roles.senders) {
    for (const one of created) {
      const events = publications.get(one)?.events ?? [];
      for (const event of events) placeBySender(event, sender);
    }
  }

  const attempts: AttemptDraft[] = [];
  const later: typeof open = [];
  for (const { reading, message, lead } of open) {
    if (lead.to !== 'publish') {
      later.push({ reading, message, lead });
      continue;
    }
    const event = eventFor(publications.get(lead.publication)!, message);
    let { evidence } = lead;
    if (message.eventId !== null && event.eventId === message.eventId)
      evidence = withEvidence(evidence, 'event-id');
    if (samePosition(event, message)) evidence = withEvidence(evidence, 'broker-position');
    attempts.push(attemptOf(reading, message, event, evidence, 1));
    event.eventId ??= message.eventId;
    nameAfter(event, reading);
    index.learn(event, message, reading);
  }

  const publishedBy = new Map<EventDraft, Reading>();
  const unseen = new Map<string, EventDraft>();
  const byCorrelation = correlationIndex(events);
  for (const { reading, message, lead } of later) {
    const joined =
      joinByIds(reading, message, lead, index, contexts) ??
      joinByFollowUps(reading, message, lead, index, contexts) ??
      joinByCorrelation(reading, message, lead, byCorrelation, contexts);
    if (joined !== null) {
      // The context of the sender's span was carried, though not the publish's own: declared all the same.
      const sameTrace = lead.to === 'span' && joined.event.reading?.span.traceId === lead.span.span.traceId;
      if (lead.to === 'span' && sameTrace) joined.evidence.unshift(...lead.evidence);
      // For spans, to share an ID with another consumer of an event that nobody is known to have published is to guess it, too.
      const guessed = joined.event.unseen !== null && reading.stored && !(lead.to === 'span' && sameTrace);
      attempts.push(
        guessed
          ? attemptOf(reading, message, joined.event, ['inferred'], UNSEEN_CONFIDENCE)
          : attemptOf(reading, message, joined.event, joined.evidence, joined.confidence),
      );
      // What others are joined to by the IDs of a guess would look more certain than the guess.
      if (joined.confidence === 1) {
        nameAfter(joined.event, reading);
        index.learn(joined.event, message, reading);
      }
      continue;
    }
    const id = unseenId(reading, message, lead);
    let event = unseen.get(id);
    if (event === undefined) {
      const sender = lead.to === 'span' ? lead.span : null;
      const why = lead.to === 'span' ? null : lead.to === 'missing' ? 'missing-parent' : 'no-context';
      event = unseenEvent(
        id,
        reading,
        message,
        why,
        lead.to === 'missing' ? lead.context : null,
        sender?.service ?? '',
      );
      if (sender !== null) {
        publishedBy.set(event, sender);
        if (sender.correlationId !== null) event.correlationId ??= sender.correlationId;
      }
      unseen.set(id, event);
      events.push(event);
    }
    // A record's event ID is a declaration, a span's a description.
    const evidence: Evidence[] =
      lead.to === 'span' ? [...lead.evidence] : reading.stored ? ['inferred'] : ['event-id'];
    const confidence = evidence.includes('inferred') ? UNSEEN_CONFIDENCE : 1;
    attempts.push(attemptOf(reading, message, event, evidence, confidence));
    index.learn(event, message, reading);
  }
  return { publications, events, attempts, index, publishedBy };
}

/** Where a message's own span names no place (Azure's `Message`), the span that sent it does. */
function placeBySender(event: EventDraft, sender: Reading): void {
  event.destination ??= sender.destination;
  event.system ??= sender.system;
  if (event.eventName === '') event.eventName = sender.eventName;
}

/** Where its publish names but a place, an event has the name that its consumer gives it. */
function nameAfter(event: EventDraft, consumer: Reading): void {
  const isNamed = event.reading === null || event.reading.eventTyped || event.records.length > 0;
  if (!isNamed && consumer.eventTyped) event.eventName = consumer.eventName;
}

function publish(reading: Reading, claims: readonly Claim[]): Publication {
  const byIdentity = new Map<string, EventDraft>();
  const own = reading.messages[0]!;
  if (!publishedMany(reading, claims)) {
    return { reading, events: [publishedEvent(reading, own, null)], byIdentity };
  }
  for (const { message } of claims) {
    const identity = identityOfMessage(message);
    if (identity === null || byIdentity.has(identity)) continue;
    const merged = { ...message, correlationId: message.correlationId ?? own.correlationId, link: null };
    byIdentity.set(identity, publishedEvent(reading, merged, identity));
  }
  const named = [...byIdentity].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, event]) => event);
  return { reading, events: named, byIdentity };
}

function eventFor(publication: Publication, message: MessageRef): EventDraft {
  const identity = identityOfMessage(message);
  return (identity === null ? undefined : publication.byIdentity.get(identity)) ?? publication.events[0]!;
}

/** A published record's event ID is unique in the installation: a producer's span with the same ID is the same publish. */
function sameByRecord(publication: Publication, byRecordId: Map<string, EventDraft>): EventDraft | null {
  const { reading } = publication;
  const id = reading.messages[0]!.eventId;
  if (id === null || /^\d+$/.test(id) || publication.events.length !== 1) return null;
  const at = `${reading.environment.length} ${reading.environment}${id}`;
  const known = byRecordId.get(at);
  const event = publication.events[0]!;
  if (known === undefined) {
    byRecordId.set(at, event);
    return null;
  }
  const oneIsRecord = !known.reading!.stored !== !reading.stored;
  if (!oneIsRecord) return null;
  // The span stands for the node, and the record's words are the more explicit ones.
  const record = reading.stored ? known.reading! : reading;
  known.eventName = record.eventName;
  for (const one of [...reading.records]) known.records.push(one);
  known.correlationId ??= event.correlationId;
  known.causationId ??= event.causationId;
  known.destination ??= event.destination;
  known.system ??= event.system;
  if (known.producer === '') known.producer = event.producer;
  if (reading.stored) {
    known.reading = reading;
    known.time = event.time;
  }
  return known;
}

function samePosition(event: EventDraft, message: MessageRef): boolean {
  const { offset, partition } = event.message;
  if (offset === null || message.offset === null || offset !== message.offset) return false;
  return partition === null || message.partition === null || partition === message.partition;
}

interface Join {
  readonly event: EventDraft;
  readonly evidence: Evidence[];
  readonly confidence: number;
}

function joinByIds(
  reading: Reading,
  message: MessageRef,
  lead: Lead,
  index: EventIndex,
  contexts: Contexts,
): Join | null {
  // What was sent again in its own work a consumer can't have taken; and one that names another span, not there yet, did not take it either.
  const byId = index.withId(message, reading).find((event) => {
    const by = event.reading === null ? null : sentAgainBy(event.reading, message, contexts);
    return by === null || (by !== reading && lead.to !== 'missing');
  });
  const byPosition = index.at(message, reading)[0];
  const event = byId ?? byPosition;
  if (event === undefined) return null;
  const evidence: Evidence[] = [];
  if (byId === event) evidence.push('event-id');
  if (byPosition === event) evidence.push('broker-position');
  return { event, evidence, confidence: 1 };
}

function joinByFollowUps(
  reading: Reading,
  message: MessageRef,
  lead: Lead,
  index: EventIndex,
  contexts: Contexts,
): Join | null {
  const event = lead.to === 'nothing' ? causeOfFollowUps(reading, message, contexts, index) : null;
  return event === null ? null : { event, evidence: ['causation-id'], confidence: 1 };
}

type CorrelationIndex = ReadonlyMap<string, readonly EventDraft[]>;

function correlationIndex(events: readonly EventDraft[]): CorrelationIndex {
  const index = new Map<string, EventDraft[]>();
  for (const event of events) {
    if (event.correlationId === null) continue;
    const at = JSON.stringify([event.environment, event.correlationId]);
    const list = index.get(at);
    if (list === undefined) index.set(at, [event]);
    else list.push(event);
  }
  return index;
}

/** The events of the same correlation at the same place, published before as far as clocks can tell: a guess, and shown as one. */
function joinByCorrelation(
  reading: Reading,
  message: MessageRef,
  lead: Lead,
  index: CorrelationIndex,
  contexts: Contexts,
): Join | null {
  const correlationId = message.correlationId ?? reading.correlationId;
  // Who names a span that has not arrived took its message from that one, not from another of the same name.
  if (correlationId === null || lead.to !== 'nothing') return null;
  const fitting = (index.get(JSON.stringify([reading.environment, correlationId])) ?? []).filter(
    (event) =>
      event.unseen === null &&
      !isBelow(event, reading, contexts) &&
      event.time - reading.span.startTimeUnixNano <= CLOCK_SKEW_NANO &&
      mayBeSame(event, message, reading) &&
      (event.eventName === reading.eventName || isAtPlace(event, reading)),
  );
  if (fitting.length === 0) return null;
  const sameName = fitting.filter(({ eventName }) => eventName === reading.eventName);
  const named = sameName.length > 0 ? sameName : fitting;
  const before = named.filter((event) => event.time <= reading.span.startTimeUnixNano);
  const candidates = before.length > 0 ? before : named;
  const latest = candidates.reduce((a, b) => (b.time > a.time || (b.time === a.time && b.id < a.id) ? b : a));
  const earliest = candidates.reduce((a, b) =>
    b.time < a.time || (b.time === a.time && b.id < a.id) ? b : a,
  );
  return {
    event: before.length > 0 ? latest : earliest,
    evidence: ['correlation-id'],
    confidence: Number((CORRELATION_CONFIDENCE / candidates.length).toFixed(2)),
  };
}

/**
 * Whether what both say of the message's ID leaves it open that they speak of the same one. Who has lost the headers knows the message by what the broker calls it, and
 * its sender by what itself has named it: those differ whatever the message is.
 */
function mayBeSame(event: EventDraft, { eventId }: MessageRef, reading: Reading): boolean {
  if (eventId === null || event.eventId === null || eventId === event.eventId) return true;
  return event.reading !== null && namesEvents(event.reading) && !namesEvents(reading);
}

/** Whether its IDs are those of events, as the application gave them, and not those of messages. */
function namesEvents({ span, stored }: Reading): boolean {
  return !stored || span.attributes.get('upshot.event_id') !== undefined;
}

/** Whether an event was published in the work of this very consumer. */
function isBelow(event: EventDraft, consumer: Reading, contexts: Contexts): boolean {
  let at = event.reading;
  for (let hops = 0; at !== null && hops < 64; hops++) {
    if (at === consumer) return true;
    at = contexts.parentOf(at);
  }
  return false;
}

/** Whether an event went where the consumer took its own from, and neither says that it was another one: an exchange carries events of many names. */
function isAtPlace(event: EventDraft, reading: Reading): boolean {
  if (event.destination === null || !reading.places.includes(event.destination)) return false;
  const published = event.reading;
  if (published === null) return true;
  if (published.eventTyped && reading.eventTyped) return event.eventName === reading.eventName;
  const { routingKey } = reading;
  return routingKey === null || published.routingKey === null || routingKey === published.routingKey;
}

/** One unseen event for all that name the same span, or else the same message, or the same sender. */
function unseenId(reading: Reading, message: MessageRef, lead: Lead): string {
  const identity = identityOfMessage(message);
  const place = `${reading.environment}|${reading.system ?? ''}|${reading.destination ?? ''}`;
  if (lead.to === 'missing') return `unseen:${contextKey(lead.context)}:${identity ?? ''}`;
  if (lead.to === 'span') return `unseen:${lead.span.id}:${reading.eventName}:${identity ?? ''}`;
  if (identity !== null) return `unseen:${place}|${identity}`;
  return `unseen:${reading.id}`;
}
