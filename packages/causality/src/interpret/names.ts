import { placeInName, queueInName } from '@upshot/conventions';
import type { Span } from '@upshot/model';
import { said, saidEvenEmpty } from './concepts.js';
import type { Role } from './Reading.js';
import { isSurelyRetryName, shownWithoutRetry } from './retryNames.js';
import { isQueue } from './systems.js';

/** Where a message went or came from, by all the names that the span gives. */
export interface Places {
  readonly destination: string | null;
  readonly routingKey: string | null;
  /** The queue, where the destination is not itself the queue. */
  readonly queue: string | null;
  readonly all: readonly string[];
}

/**
 * RabbitMQ's names differ by generation: the destination is the exchange, or (since 1.26) `{exchange}:{routing key}[:{queue}]`; the
 * queue often stands only in the span's name (`billing process`); the default exchange is "" and routes by queue name.
 */
export function placesOf(span: Span, role: Role, system: string | null): Places {
  let routingKey = said(span.attributes, 'routingKey');
  let destination = saidEvenEmpty(span.attributes, 'destination');
  let queue = said(span.attributes, 'queue');
  if (system === 'rabbitmq') {
    if (destination !== null && routingKey === null && span.source.scope.name.includes('aio_pika')) {
      // aio-pika's producers write `{exchange},{routing key}`.
      const comma = destination.indexOf(',');
      if (comma >= 0) {
        routingKey = destination.slice(comma + 1);
        destination = destination.slice(0, comma);
      }
    }
    if (destination !== null && routingKey !== null) {
      const parts = splitRabbitDestination(destination, routingKey);
      destination = parts.exchange;
      queue ??= parts.queue;
    }
    if (role !== 'publish' && queue === null) {
      const named = queueInName(span.name);
      if (named !== null && named !== destination && !isGenerated(named)) queue = named;
    }
    if (destination === '' || destination === 'amq.default' || destination === '<default>') {
      destination = routingKey ?? queue;
    }
  } else if (destination === '' || (destination === null && role !== 'step')) {
    destination = role === 'step' ? null : placeInName(span.name);
  }
  if (destination !== null) destination = lastOfAddress(destination);
  if (queue !== null) queue = lastOfAddress(queue);
  if (queue === null && isQueue(system, said(span.attributes, 'destinationKind'))) queue = destination;
  const all = [destination, routingKey, queue].filter((place) => place !== null && place !== '') as string[];
  return { destination, routingKey, queue, all };
}

/** `orders:order.created:billing` with the routing key `order.created` → exchange `orders`, queue `billing`. */
function splitRabbitDestination(destination: string, routingKey: string) {
  if (destination === routingKey) return { exchange: destination, queue: null };
  const at = `${destination}:`.indexOf(`:${routingKey}:`);
  if (at < 0) {
    const isDefault = destination.startsWith(`${routingKey}:`);
    return { exchange: isDefault ? '' : destination, queue: null };
  }
  const queue = destination.slice(at + routingKey.length + 2);
  return { exchange: destination.slice(0, at), queue: queue === '' ? null : queue };
}

/** Addresses as URLs and ARNs name their place last: `rabbitmq://host/orders`, `https://sqs…/123/orders`, `arn:aws:sns:…:orders`. */
export function lastOfAddress(name: string): string {
  if (name.startsWith('arn:')) return name.slice(name.lastIndexOf(':') + 1);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) return name;
  const path = name.split('?', 1)[0]!;
  return path.slice(path.lastIndexOf('/') + 1) || name;
}

function isGenerated(queue: string): boolean {
  return queue.startsWith('amq.gen-') || queue.startsWith('amq.ctag-');
}

/**
 * The event's name, first present: `upshot.event`, CloudEvents type, message type (short, first of a list), task or job name, routing key,
 * destination. Retry suffixes are stripped.
 */
export function eventNameOf(span: Span, places: Places): string {
  const typed = said(span.attributes, 'eventName');
  if (typed !== null) return shortType(typed);
  const place = places.routingKey ?? places.destination;
  return place === null || place === '' ? '' : shownWithoutRetry(place, true);
}

/** `urn:message:Shop:OrderPlaced,urn:…` and `Shop.OrderPlaced, Shop, Version=1` → `OrderPlaced`; anything else as it is. */
function shortType(type: string): string {
  if (type.startsWith('urn:message:')) {
    // MassTransit: `urn:message:MassTransit:Fault[[Shop:OrderPlaced]]` is the failure of an OrderPlaced.
    const [outer, inner] = type.split(/,urn:/, 1)[0]!.split('[[', 2) as [string, string | undefined];
    const name = outer.slice(outer.lastIndexOf(':') + 1);
    return inner === undefined
      ? name
      : `${name}<${inner.slice(inner.lastIndexOf(':') + 1).replace(']]', '')}>`;
  }
  if (/,\s*Version=/i.test(type) || type.includes(';')) return classNameOf(type);
  return type;
}

/** The name of a class without its package, namespace and assembly: `Shop.Orders.OrderPlaced, Shop` and `com.shop.OrderPlaced` → `OrderPlaced`. */
export function classNameOf(type: string): string {
  const name = type.split(/[,;]/, 1)[0]!.trim();
  if (!/^[\w.$+]+$/.test(name)) return name;
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('+'), name.lastIndexOf('$')) + 1);
}

export interface ConsumerName {
  readonly name: string;
  /** 0 is the most explicit. */
  readonly rank: number;
}

/** Ranks of names that stand at the broker: there retries have topics, groups and queues of their own. */
const SUBSCRIPTION = 2;
const QUEUE = 4;

/** The consumer's name, first present: `upshot.consumer`, handler type, subscription, consumer group, queue, service. */
export function consumerOf(span: Span, places: Places, service: string): ConsumerName {
  const named = [
    said(span.attributes, 'consumer'),
    short(said(span.attributes, 'handler')),
    said(span.attributes, 'subscription'),
    group(said(span.attributes, 'consumerGroup')),
    places.queue,
    service,
  ];
  const rank = named.findIndex((name) => name !== null && name !== '');
  if (rank < 0) return { name: '', rank: named.length };
  const ofBroker = rank >= SUBSCRIPTION && rank <= QUEUE;
  return { name: shownWithoutRetry(named[rank]!, ofBroker || places.all.some(isSurelyRetryName)), rank };
}

/** Java 1.17 to 1.20 wrote `messaging.consumer.id` as "<group> - <client ID>". */
function group(name: string | null): string | null {
  return name === null ? null : (name.split(' - ', 1)[0] ?? null);
}

function short(type: string | null): string | null {
  if (type === null) return null;
  const name = type.split(',', 1)[0]!.trim();
  return name.slice(name.lastIndexOf('.') + 1);
}
