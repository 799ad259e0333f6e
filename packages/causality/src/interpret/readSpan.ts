import { hasLowLevelKey, isLowLevelName } from '@upshot/conventions';
import { type Log, type Span, SpanKind } from '@upshot/model';
import { said, saidCount } from './concepts.js';
import { identityOf } from './mergeSpans.js';
import { messagesOf } from './messages.js';
import { consumerOf, eventNameOf, placesOf } from './names.js';
import { operationOf } from './operation.js';
import { outcomeOf } from './outcome.js';
import type { Reading } from './Reading.js';
import { READERS } from './readers/index.js';
import type { Draft } from './readers/Reader.js';
import { systemName } from './systems.js';

/** Keys of other vocabularies than `messaging.*` that make a span one about messages. */
const MESSAGING_PREFIXES = [
  'messaging.',
  'bullmq.',
  'celery.',
  'nservicebus.',
  'cloudevents.',
  'kafka.',
  'rabbitmq.',
];

/** Reads one span: the table of attributes first, then the readers of the vocabularies that apply to it. `logs`: of exceptions in it. */
export function readSpan(span: Span, mended: readonly string[] = [], logs: readonly Log[] = []): Reading {
  const { attributes, source } = span;
  const service = said(source.resource, 'service') ?? '';
  const messaging =
    span.kind === SpanKind.producer || span.kind === SpanKind.consumer || hasMessagingKey(attributes.keys());
  const { role, creates, byKind } = operationOf(span, messaging);
  const systemSaid = said(attributes, 'system');
  const system = systemSaid === null ? null : systemName(systemSaid);
  const places = placesOf(span, role, messaging && system === null ? guessedSystem(span) : system);
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
    correlationId: said(attributes, 'correlationId'),
    causationId: said(attributes, 'causationId'),
    cluster: said(attributes, 'cluster'),
    batchCount: saidCount(attributes, 'batchCount'),
    attempt: saidCount(attributes, 'attempt') ?? (retries === null ? null : retries + 1),
    ...outcomeOf(span, logs),
    verdict: null,
    deadLetterDestination: null,
    mended,
  };
  for (const reader of READERS) if (reader.applies(span)) reader.read(draft);
  return draft;
}

function hasMessagingKey(keys: Iterable<string>): boolean {
  for (const key of keys) if (MESSAGING_PREFIXES.some((prefix) => key.startsWith(prefix))) return true;
  return false;
}

/** A system that only its own attributes name. */
function guessedSystem(span: Span): string | null {
  return span.attributes.has('bullmq.queue.name') ? 'bullmq' : null;
}

function layerOf(span: Span, role: Reading['role'], phrase: boolean): Reading['layer'] {
  if (said(span.attributes, 'step') !== null) return 'business';
  if (role === 'publish' || role === 'receive' || role === 'settle' || phrase) return 'transport';
  return span.kind === SpanKind.client && hasLowLevelKey(span.attributes.keys()) ? 'transport' : 'business';
}
