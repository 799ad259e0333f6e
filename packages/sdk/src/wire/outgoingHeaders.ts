import { type Context, propagation, type SpanContext, type TextMapSetter } from '@opentelemetry/api';
import { UPSHOT_HEADERS } from '@upshot/conventions';
import { quietly } from '../quietly.js';
import { baggageText } from './baggage.js';
import { encoded, encodedForHttp } from './encoded.js';
import { slotsOf } from './slotsOf.js';
import type { Transport } from './Transport.js';

/** What a message says of the event that it carries. */
export interface EventIdentity {
  readonly eventId: string | null;
  readonly eventName: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
}

/** Headers to add to a message. Every value is one text without control characters. */
export type Headers = Record<string, string>;

/** Kafka's brokers take a megabyte, HTTP servers 8 to 16 KB for all headers. */
const MOST_BYTES = 8192;

/** One thing to write: all of its headers or none. */
type Group = readonly (readonly [name: string, value: string])[];

const setter: TextMapSetter<Headers> = {
  set(headers, name, value) {
    headers[name] = value;
  },
};

/**
 * The headers that hand a context on: W3C, Upshot's own, CloudEvents, and what propagators of the application add (B3, say). Where the
 * transport has too little room, the most telling come first, and Upshot's four go into one.
 */
export function outgoingHeaders(
  identity: EventIdentity,
  spanContext: SpanContext | null,
  context: Context,
  source: string,
  transport: Transport,
  own: unknown,
): Headers {
  const headers: Headers = {};
  const theirs: Headers = {};
  // A propagator of the application, and a text that is none (half a character), cost their own header and no other.
  quietly(() => propagation.inject(context, theirs, setter), undefined);
  const groups: Group[] = [];
  if (spanContext !== null) groups.push([['traceparent', traceparent(spanContext)]]);
  const ours = identityHeaders(identity);
  if (ours.length > 0) groups.push(ours);
  const state = spanContext?.traceState?.serialize();
  if (state) groups.push([['tracestate', state]]);
  const baggage = quietly(() => baggageText(context), null);
  if (baggage !== null) groups.push([['baggage', baggage]]);
  const prefix = transport.cloudEvents === undefined ? 'ce-' : transport.cloudEvents;
  if (prefix !== null) groups.push(...quietly(() => cloudEvent(prefix, identity, source, own), []));
  for (const [name, value] of Object.entries(theirs)) {
    if (!OURS.has(name.toLowerCase())) groups.push([[name, value]]);
  }

  const used = transport.mostHeaders === undefined ? 0 : countOf(own);
  let room = (transport.mostHeaders ?? Number.POSITIVE_INFINITY) - used;
  let bytes = transport.mostHeaderBytes ?? MOST_BYTES;
  for (const group of groups) {
    const fitting = group === ours && group.length > 1 && room < NEEDED ? packed(identity) : group;
    const size = sizeOf(fitting);
    if (fitting.length > room || size > bytes) continue;
    room -= fitting.length;
    bytes -= size;
    for (const [name, value] of fitting) headers[name] = value;
  }
  return headers;
}

const OURS: ReadonlySet<string> = new Set(['traceparent', 'tracestate', 'baggage']);

/** Headers that we would write of a message in full, without CloudEvents: below it, Upshot's four become one. */
const NEEDED = 6;

function traceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}

function identityHeaders({ eventId, eventName, correlationId, causationId }: EventIdentity): Group {
  const group: [string, string][] = [];
  if (eventId !== null) group.push([UPSHOT_HEADERS.eventId, encoded(eventId)]);
  if (eventName !== null) group.push([UPSHOT_HEADERS.eventName, encoded(eventName)]);
  if (correlationId !== null) group.push([UPSHOT_HEADERS.correlationId, encoded(correlationId)]);
  if (causationId !== null) group.push([UPSHOT_HEADERS.causationId, encoded(causationId)]);
  return group;
}

function packed({ eventId, eventName, correlationId, causationId }: EventIdentity): Group {
  const fields = new URLSearchParams();
  if (eventId !== null) fields.set('id', eventId);
  if (eventName !== null) fields.set('event', eventName);
  if (correlationId !== null) fields.set('correlation', correlationId);
  if (causationId !== null) fields.set('causation', causationId);
  return [[UPSHOT_HEADERS.packed, fields.toString()]];
}

/** A CloudEvent in binary mode, all or nothing; where the application's message is one already, only the extensions that it lacks. */
function cloudEvent(prefix: string, identity: EventIdentity, source: string, own: unknown): Group[] {
  const { eventId, eventName, correlationId, causationId } = identity;
  if (eventId === null || eventName === null) return [];
  const present = own === undefined ? null : slotsOf(own);
  const value = prefix === 'ce-' ? encodedForHttp : (text: string) => text;
  const has = (name: string) => present?.has(`${prefix}${name}`.toLowerCase()) ?? false;
  const extensions: [string, string][] = [];
  if (correlationId !== null && !has('correlationid'))
    extensions.push([`${prefix}correlationid`, value(correlationId)]);
  if (causationId !== null && !has('causationid'))
    extensions.push([`${prefix}causationid`, value(causationId)]);
  if (has('id')) return extensions.length > 0 ? [extensions] : [];
  return [
    [
      [`${prefix}specversion`, '1.0'],
      [`${prefix}id`, value(eventId)],
      // A URI reference.
      [`${prefix}source`, encodeURI(source)],
      [`${prefix}type`, value(eventName)],
      ...extensions,
    ],
  ];
}

function countOf(own: unknown): number {
  if (typeof own !== 'object' || own === null) return 0;
  if (own instanceof Map) return own.size;
  return Array.isArray(own) ? own.length : Object.keys(own).length;
}

function sizeOf(group: Group): number {
  let size = 0;
  for (const [name, value] of group) size += name.length + Buffer.byteLength(value);
  return size;
}
