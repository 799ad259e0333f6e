import { type Attributes, SpanKind, trace } from '@opentelemetry/api';
import type { Checked, Field } from '@upshot/conventions';
import { activeContext, withoutAutoSpans, withWork, workIn } from '../context/scope.js';
import { validContext } from '../process/surroundings.js';
import { quietly } from '../quietly.js';
import type { Runtime } from '../Runtime.js';
import { outgoingHeaders } from '../wire/outgoingHeaders.js';
import { ANY_TRANSPORT } from '../wire/Transport.js';
import { identityOf } from './identityOf.js';
import type { Publication } from './Publication.js';
import { Sending } from './Sending.js';

/**
 * Makes an event ready to be sent: its identity, its producer span, its headers.
 * @throws ConventionError where it breaks a convention and the mode is `throw`; nothing else
 */
export function openSending(publication: Publication, runtime: Runtime): Sending {
  const sending = quietly(() => open(publication, runtime), null) ?? NOTHING_KNOWN;
  if (runtime.check.active) checkPublish(publication, sending, runtime);
  return sending;
}

const NOTHING_KNOWN = new Sending('', null, null, null, null, null, {}, null, null);

function open(publication: Publication, { tracer, service }: Runtime): Sending {
  const { destination, transport = ANY_TRANSPORT, cause } = publication;
  const active = cause?.context ?? activeContext();
  const identity = identityOf(publication, workIn(active));
  const { eventId, eventName, correlationId, causationId } = identity;
  const attributes: Attributes = {
    'messaging.operation.type': 'send',
    'messaging.operation.name': 'send',
    'messaging.message.id': eventId,
    'upshot.event_id': eventId,
  };
  if (transport.system !== '') attributes['messaging.system.name'] = transport.system;
  if (destination !== undefined) attributes['messaging.destination.name'] = destination;
  if (eventName !== null) attributes['upshot.event'] = eventName;
  if (correlationId !== null) {
    attributes['messaging.message.conversation_id'] = correlationId;
    attributes['upshot.correlation_id'] = correlationId;
  }
  if (causationId !== null) attributes['upshot.causation_id'] = causationId;
  if (publication.key !== undefined && transport.system === 'kafka')
    attributes['kafka.message.key'] = publication.key;
  Object.assign(attributes, publication.attributes);
  const name = `send ${destination ?? eventName ?? 'event'}`;
  const span = tracer.startSpan(name, { kind: SpanKind.PRODUCER, attributes }, active);
  // What is consumed within this very call (a bus in memory) is an effect of this event.
  let inside = withWork(trace.setSpan(active, span), {
    eventId,
    eventName,
    correlationId,
    causationId,
    consumer: null,
    attempt: null,
    place: null,
    seen: { step: null },
  });
  const spanContext = validContext(inside);
  const headers = outgoingHeaders(
    identity,
    spanContext,
    inside,
    service || 'unknown',
    transport,
    publication.headers,
  );
  if (transport.instrumentations !== undefined) inside = withoutAutoSpans(inside);
  return new Sending(
    eventId,
    eventName,
    correlationId,
    causationId,
    spanContext?.traceId ?? null,
    spanContext?.spanId ?? null,
    headers,
    span,
    inside,
  );
}

function checkPublish(publication: Publication, sending: Sending, { check, service }: Runtime): void {
  try {
    check.check(() => checkedOf(publication, sending, service));
  } catch (error) {
    sending.end(error);
    throw error;
  }
}

function checkedOf(publication: Publication, sending: Sending, service: string): Checked {
  const states = new Set<Field>();
  if (sending.traceId !== null) states.add('traceId');
  if (sending.eventId !== '') states.add('eventId');
  if (sending.eventName !== null) states.add('eventName');
  if (sending.correlationId !== null) states.add('correlationId');
  if (sending.causationId !== null) states.add('causationId');
  if (service !== '') states.add('producer');
  if (publication.destination !== undefined) states.add('destination');
  return {
    phase: 'published',
    service,
    eventName: sending.eventName ?? '',
    consumer: '',
    states,
    spanName: `send ${publication.destination ?? sending.eventName ?? 'event'}`,
    step: null,
    places: publication.destination === undefined ? [] : [publication.destination],
    attributes: Object.keys(publication.attributes ?? {}),
    attempt: null,
    isRecord: false,
  };
}
