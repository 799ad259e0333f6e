import { hasLowLevelKey, isLowLevelName } from '@upshot/conventions';
import { type Attributes, type Log, type Span, SpanKind } from '@upshot/model';
import { said, saidCount, saidId } from './concepts.js';
import { identityOf } from './mergeSpans.js';
import { messagesOf } from './messages.js';
import { consumerOf, eventNameOf, lastOfAddress, placesOf } from './names.js';
import { type Operation, operationOf } from './operation.js';
import { outcomeOf } from './outcome.js';
import type { Reading } from './Reading.js';
import { READERS } from './readers/index.js';
import type { Draft, Reader } from './readers/Reader.js';
import { systemByKeys, systemName } from './systems.js';

/** Keys that make a span one about messages. */
const MESSAGING_KEY =
  /^(?:messaging|bullmq|celery|nservicebus|cloudevents|kafka|rabbitmq|jms|rabbit|amqp|pubsub|message_bus|aws\.(?:sqs|sns|queue))[._]|^axon_/;

/** Reads one span: the table of attributes first, then the readers of the vocabularies that apply to it. `logs`: of exceptions in it. */
export function readSpan(span: Span, mended: readonly string[] = [], logs: readonly Log[] = []): Reading {
  const { attributes, source } = span;
  const service = said(source.resource, 'service') ?? '';
  const messaging =
    span.kind === SpanKind.producer || span.kind === SpanKind.consumer || hasMessagingKey(attributes.keys());
  const readers = READERS.filter((reader) => reader.applies(span));
  const { role, creates, byKind } = operationBy(readers, span) ?? operationOf(span, messaging);
  const systemSaid = said(attributes, 'system');
  const system = systemSaid === null ? systemByKeys(attributes) : systemName(systemSaid);
  const places = placesOf(span, role, system);
  const consumer = consumerOf(span, places, service);
  const phrase = isLowLevelName(span.name, { places: places.all, messaging });
  const retries = saidCount(attributes, 'retries');
  const draft: Draft = {
    id: identityOf(span),
    span,
    stored: true,
    records: [],
    role,
    creates,
    roleByKind: byKind,
    service,
    environment: said(source.resource, 'environment') ?? '',
    system,
    destination: places.destination,
    routingKey: places.routingKey,
    places: places.all,
    eventName: eventNameOf(span, places),
    eventTyped: said(attributes, 'eventName') !== null,
    consumer: consumer.name,
    consumerAlias: null,
    consumerRank: consumer.rank,
    step: said(attributes, 'step') ?? (phrase ? null : span.name),
    layer: layerOf(span, role, phrase),
    messages: role === 'step' ? [] : messagesOf(span, role),
    correlationId: saidId(attributes, 'correlationId'),
    causationId: saidId(attributes, 'causationId'),
    cluster: said(attributes, 'cluster'),
    batchCount: saidCount(attributes, 'batchCount'),
    attempt: saidCount(attributes, 'attempt') ?? (retries === null ? null : retries + 1),
    ...outcomeOf(span, logs),
    verdict: null,
    failedAt: null,
    deadLetterDestination: null,
    deadLetterOf: setAsideFrom(attributes),
    mended,
  };
  for (const reader of readers) reader.read?.(draft);
  return draft;
}

/** What the span does by the first vocabulary that says so. */
function operationBy(readers: readonly Reader[], span: Span): Operation | null {
  for (const reader of readers) {
    const operation = reader.operation?.(span) ?? null;
    if (operation !== null) return operation;
  }
  return null;
}

/** The place of which a captured header says that the message is a dead letter from there. */
function setAsideFrom(attributes: Attributes): string | null {
  const place = said(attributes, 'deadLetterOf');
  return place === null ? null : lastOfAddress(place);
}

function hasMessagingKey(keys: Iterable<string>): boolean {
  for (const key of keys) if (MESSAGING_KEY.test(key)) return true;
  return false;
}

function layerOf(span: Span, role: Reading['role'], phrase: boolean): Reading['layer'] {
  if (said(span.attributes, 'step') !== null) return 'business';
  if (role === 'publish' || role === 'receive' || role === 'settle' || phrase) return 'transport';
  return span.kind === SpanKind.client && hasLowLevelKey(span.attributes.keys()) ? 'transport' : 'business';
}
