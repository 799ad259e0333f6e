import { type Attributes, type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { Checked, Field } from '@upshot/conventions';
import { activeContext, type Work, withWork } from '../context/scope.js';
import { quietly } from '../quietly.js';
import type { Runtime } from '../Runtime.js';
import { withBaggage } from '../wire/baggage.js';
import { byPropagator } from '../wire/byPropagator.js';
import { type Incoming, incomingOf } from '../wire/incomingOf.js';
import { ANY_TRANSPORT } from '../wire/Transport.js';
import { MOST_ID, textOf } from '../wire/texts.js';
import { Attempt, type AttemptScope, type Handled } from './Attempt.js';
import { adoptable } from './adopted.js';
import type { Reception } from './Reception.js';
import { surroundings, validContext } from './surroundings.js';
import { Watch } from './Watch.js';

/** How an attempt is opened within a batch: under the batch's span, whatever runs around it. */
export interface BatchPlace {
  readonly context: Context;
}

/** Makes an attempt of a message: reads who it is, starts or adopts its span, and watches how long it takes. Never throws. */
export function openAttempt(
  reception: Reception,
  runtime: Runtime,
  batch: BatchPlace | null = null,
): Attempt {
  return quietly(() => open(reception, runtime, batch), null) ?? blind(reception, runtime);
}

/** Telemetry has failed: the handler runs all the same. */
function blind(reception: Reception | undefined, { service }: Runtime): Attempt {
  const nobody = { eventId: null, eventName: null, correlationId: null, causationId: null, number: null };
  const scope = { span: null, context: null, endsSpan: false, settled: () => undefined };
  return new Attempt({ ...nobody, consumer: reception?.consumer ?? service }, scope);
}

function open(reception: Reception, runtime: Runtime, batch: BatchPlace | null): Attempt {
  const { transport = ANY_TRANSPORT, relation = runtime.relation } = reception;
  const incoming = incomingOf(reception.headers);
  const carried = reception.carrier === undefined ? incoming : incomingOf(reception.carrier);
  const sender =
    incoming.spanContext ?? carried.spanContext ?? quietly(() => byPropagator(reception.headers), null);
  const handled = handledOf(reception, incoming, carried, runtime);
  const named = incoming.eventId ?? carried.eventId;
  const attributes = attributesOf(reception, handled, named, transport.system);
  const active = batch?.context ?? activeContext();
  const seen: Work['seen'] = { step: null };

  const adopted = batch === null ? adoptable(active, transport) : null;
  let span: Span;
  let base: Context;
  if (adopted !== null) {
    span = adopted;
    base = active;
    span.setAttributes(attributes);
    if (sender !== null && relation !== 'parent') span.addLink({ context: sender });
    for (const link of reception.links ?? []) span.addLink(link);
    if (reception.step !== undefined) span.updateName(reception.step);
  } else {
    // A process span below the one of its batch can't have another parent: the link says where the message came from.
    const { parent, links } =
      batch === null
        ? surroundings(active, sender, relation)
        : { parent: active, links: sender === null ? [] : [{ context: sender }] };
    base = parent;
    span = runtime.tracer.startSpan(
      spanName(reception),
      { kind: SpanKind.CONSUMER, attributes, links: [...links, ...(reception.links ?? [])] },
      parent,
    );
  }
  const baggage = incoming.baggage ?? carried.baggage;
  if (baggage !== null) base = withBaggage(base, baggage);
  const context = withWork(trace.setSpan(base, span), {
    eventId: handled.eventId,
    eventName: handled.eventName,
    correlationId: handled.correlationId,
    causationId: handled.causationId,
    consumer: handled.consumer,
    attempt: handled.number,
    place: reception.destination ?? null,
    relays: reception.relays,
    seen,
  });
  const watch = watchOf(reception, handled, span, runtime);
  const scope: AttemptScope = {
    span,
    context,
    endsSpan: adopted === null,
    settled: (outcome, attempt) => {
      watch?.stop();
      runtime.check.check(() => checkedOf(reception, attempt, outcome, seen.step, context, runtime));
    },
  };
  return new Attempt(handled, scope);
}

function handledOf(
  reception: Reception,
  incoming: Incoming,
  carried: Incoming,
  { service }: Runtime,
): Handled {
  const text = (value: string | undefined): string | null =>
    value === undefined ? null : textOf(value, MOST_ID);
  return {
    eventId: incoming.eventId ?? carried.eventId ?? text(reception.messageId),
    eventName:
      text(reception.event) ??
      incoming.eventName ??
      carried.eventName ??
      text(reception.placeName) ??
      text(reception.destination),
    correlationId: incoming.correlationId ?? carried.correlationId ?? text(reception.correlationId),
    causationId: incoming.causationId ?? carried.causationId,
    consumer: reception.consumer ?? service,
    number: reception.attempt ?? incoming.attempt,
  };
}

function spanName({ step, destination, event }: Reception): string {
  return step ?? `process ${destination ?? event ?? 'event'}`;
}

/** @param named the event's ID as its headers say it: what the broker calls its message is none */
function attributesOf(
  reception: Reception,
  handled: Handled,
  named: string | null,
  system: string,
): Attributes {
  const { destination, messageId, step, key, partition, offset } = reception;
  const { eventId, eventName, correlationId, causationId, consumer, number } = handled;
  const attributes: Attributes = {
    'messaging.operation.type': 'process',
    'messaging.operation.name': 'process',
  };
  if (system !== '') attributes['messaging.system.name'] = system;
  if (destination !== undefined) attributes['messaging.destination.name'] = destination;
  const message = messageId ?? eventId;
  if (message !== null) attributes['messaging.message.id'] = message;
  if (named !== null) attributes['upshot.event_id'] = named;
  if (eventName !== null) attributes['upshot.event'] = eventName;
  if (correlationId !== null) {
    attributes['messaging.message.conversation_id'] = correlationId;
    attributes['upshot.correlation_id'] = correlationId;
  }
  if (causationId !== null) attributes['upshot.causation_id'] = causationId;
  if (consumer !== '') attributes['upshot.consumer'] = consumer;
  if (step !== undefined) attributes['upshot.step'] = step;
  if (number !== null) attributes['upshot.attempt'] = number;
  if (partition !== undefined) attributes['messaging.destination.partition.id'] = String(partition);
  if (system === 'kafka') {
    if (key !== undefined) attributes['kafka.message.key'] = key;
    if (offset !== undefined) attributes['kafka.offset'] = Number(offset);
  }
  return Object.assign(attributes, reception.attributes);
}

function watchOf(reception: Reception, handled: Handled, span: Span, runtime: Runtime): Watch | null {
  const { records, processingAfterMs } = runtime;
  const { traceId, spanId, traceFlags } = span.spanContext();
  // The span of an attempt that is not sampled never comes: its record would say for ever that it runs.
  if (records === undefined || (traceFlags & 1) === 0) return null;
  const start = `${Date.now()}000000`;
  const { destination, step, partition, offset, transport } = reception;
  const position =
    offset === undefined
      ? null
      : [transport?.system ?? '', destination ?? '', partition ?? '', offset].join('/');
  const eventId = handled.eventId ?? position;
  const eventName = handled.eventName ?? destination ?? null;
  if (eventId === null || eventName === null) return null;
  const record = () => ({
    eventId,
    eventName: noted(span, 'upshot.event') ?? eventName,
    phase: 'processing' as const,
    traceId,
    spanId,
    correlationId: noted(span, 'upshot.correlation_id') ?? handled.correlationId ?? undefined,
    causationId: handled.causationId ?? undefined,
    consumerName: handled.consumer || 'unknown',
    step,
    attempt: handled.number ?? undefined,
    destination,
    startTimeUnixNano: start,
  });
  return new Watch(record, records, processingAfterMs);
}

/** What a span says by now: a handler may know of a message whose headers were lost what nobody else does, and both must say the same of it. */
function noted(span: Span, attribute: string): string | null {
  const { attributes } = span as { readonly attributes?: Readonly<Record<string, unknown>> };
  return textOf(attributes?.[attribute], MOST_ID);
}

function checkedOf(
  reception: Reception,
  attempt: Attempt,
  phase: 'succeeded' | 'failed' | 'skipped',
  stepBelow: string | null,
  context: Context,
  { service }: Runtime,
): Checked {
  const { destination, step, consumer, placeName } = reception;
  const states = new Set<Field>();
  if (validContext(context) !== null) states.add('traceId');
  if (attempt.eventId !== null) states.add('eventId');
  if (attempt.eventName !== null) states.add('eventName');
  if (attempt.correlationId !== null) states.add('correlationId');
  if (attempt.causationId !== null) states.add('causationId');
  if (consumer !== undefined) states.add('consumerName');
  if (destination !== undefined) states.add('destination');
  if (step !== undefined || stepBelow !== null) states.add('step');
  if (attempt.number !== null) states.add('attempt');
  return {
    phase,
    service,
    eventName: attempt.eventName ?? '',
    consumer: attempt.consumer,
    states,
    spanName: spanName(reception),
    step: step ?? stepBelow,
    places: [destination, placeName].filter((place) => place !== undefined),
    attributes: Object.keys(reception.attributes ?? {}),
    attempt: attempt.number,
    isRecord: false,
  };
}
