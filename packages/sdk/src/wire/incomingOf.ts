import type { SpanContext } from '@opentelemetry/api';
import { HEADERS, type HeaderConcept, UPSHOT_HEADERS } from '@upshot/conventions';
import { decoded } from './encoded.js';
import { type Slots, slotsOf } from './slotsOf.js';
import { countOf, MOST_BAGGAGE, MOST_ID, textOf } from './texts.js';
import { spanContextIn } from './trace/spanContextIn.js';

/** What the headers of a message say, bounded and validated. Null stands for what they don't say, or say in no usable form. */
export interface Incoming {
  /** The span that sent it. */
  readonly spanContext: SpanContext | null;
  readonly eventId: string | null;
  readonly eventName: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  /** From 1. */
  readonly attempt: number | null;
  /** The raw W3C header: it is passed on as it came. */
  readonly baggage: string | null;
}

/**
 * Reads the headers of a message, of whatever family: W3C, B3, Jaeger, Datadog, X-Ray, CloudEvents, NServiceBus, MassTransit, Wolverine,
 * Axon, Rebus, Spring, and Upshot's own. Never throws, whatever `headers` is.
 */
export function incomingOf(headers: unknown): Incoming {
  try {
    const slots = slotsOf(headers);
    return slots.size === 0 ? NOTHING : read(slots);
  } catch {
    return NOTHING; // a getter or a proxy that throws
  }
}

export const NOTHING: Incoming = {
  spanContext: null,
  eventId: null,
  eventName: null,
  correlationId: null,
  causationId: null,
  attempt: null,
  baggage: null,
};

function read(slots: Slots): Incoming {
  const packed = unpacked(slots);
  const bare = slots.has('specversion'); // CloudEvents over MQTT 5 has no prefix
  const wolverine = slots.has('parent-id') || (slots.has('message-type') && slots.has('conversation-id'));
  const axon4 = slots.has('axon-message-id') && slots.has('traceid') && !slots.has('causationid');
  const at = (name: string): string | null => (slots.has(name) ? textOf(slots.get(name), MOST_ID) : null);

  let correlationId = packed?.get('correlation') ?? first(slots, 'correlationId');
  let causationId = packed?.get('causation') ?? first(slots, 'causationId');
  // Names that mean something else there: Wolverine's conversation-id and Axon 4's correlationId are the causing message.
  if (wolverine) causationId ??= at('conversation-id');
  if (axon4) {
    causationId = at('correlationid');
    correlationId = at('traceid') ?? correlationId;
  }
  const retries = count(slots, 'retries');
  return {
    spanContext: spanContextIn(slots),
    eventId: packed?.get('id') ?? first(slots, 'eventId') ?? (slots.has('id') ? at('id') : null),
    eventName: packed?.get('event') ?? first(slots, 'eventName') ?? (bare ? at('type') : null),
    correlationId,
    causationId,
    attempt: count(slots, 'attempt') ?? (retries === null ? null : retries + 1),
    baggage:
      (slots.has('baggage') ? textOf(slots.get('baggage'), MOST_BAGGAGE) : null) ??
      textOf(slots.get('mt-activity-correlation-context'), MOST_BAGGAGE),
  };
}

function first(slots: Slots, concept: HeaderConcept): string | null {
  for (const name of HEADERS[concept]) {
    const value = slots.get(name);
    const text = value === undefined ? null : saidBy(name, value, concept);
    if (text !== null) return text;
  }
  return null;
}

/** A character takes twelve when it is encoded (`%F0%9F%A6%8A`), of two UTF-16 units. */
const MOST_ENCODED = 6 * MOST_ID;
/** .NET lists the types of a message with their assemblies; the first of them is what counts. */
const MOST_TYPES = 4096;

/** What one header says, in the form that its family writes. */
function saidBy(name: string, value: unknown, concept: HeaderConcept): string | null {
  if (name.startsWith('upshot-') || name.startsWith('ce-')) {
    const text = textOf(value, MOST_ENCODED);
    return text === null ? null : textOf(decoded(text), MOST_ID);
  }
  const isType = concept === 'eventName' && !name.startsWith('ce_') && !name.startsWith('cloudevents');
  return isType ? shortType(textOf(value, MOST_TYPES)) : textOf(value, MOST_ID);
}

function count(slots: Slots, concept: 'attempt' | 'retries'): number | null {
  for (const name of HEADERS[concept]) {
    const value = slots.get(name);
    const number = value === undefined ? null : countOf(value);
    if (number !== null && number >= (concept === 'attempt' ? 1 : 0)) return number;
  }
  return null;
}

/** Four IDs of at most 256 units, each of which may take nine characters when encoded. */
const MOST_PACKED = 4 * MOST_ID * 9 + 64;

function unpacked(slots: Slots): Map<string, string> | null {
  if (!slots.has(UPSHOT_HEADERS.packed)) return null;
  const text = textOf(slots.get(UPSHOT_HEADERS.packed), MOST_PACKED);
  if (text === null) return null;
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    const clean = textOf(value, MOST_ID);
    if (clean !== null && !found.has(name)) found.set(name, clean);
  }
  return found;
}

/** Types as .NET writes them: `urn:message:Shop:OrderPlaced` and `Shop.OrderPlaced, Shop, Version=1` → `OrderPlaced`. */
function shortType(type: string | null): string | null {
  if (type === null) return null;
  const listed = type.startsWith('urn:message:');
  const name = type.split(/[,;]/, 1)[0]!.trim();
  const short = listed
    ? name.slice(name.lastIndexOf(':') + 1)
    : name === type
      ? name
      : name.slice(name.lastIndexOf('.') + 1);
  return short === '' || short.length > MOST_ID ? null : short;
}
