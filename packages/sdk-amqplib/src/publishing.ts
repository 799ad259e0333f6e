import type { Publication, Sending, Upshot } from '@upshot/sdk';
import type { ChannelOptions } from './ChannelOptions.js';
import { RABBITMQ } from './receptionOf.js';

type Options = Readonly<Record<string, unknown>>;
type Publish = (...args: unknown[]) => unknown;

/** `channel.publish`, with the context in the message's headers. `sendToQueue` goes through it. */
export function publishing(original: Publish, upshot: Upshot, options: ChannelOptions): Publish {
  return (exchange, routingKey, content, given, onConfirm, ...rest) => {
    const properties = (given ?? {}) as Options;
    const sending = upshot.open(publicationOf(String(exchange), String(routingKey), properties, options));
    const own = (properties.headers ?? {}) as Options;
    // The caller's options are left as they are: they may serve for the next message, too.
    const carrying = {
      ...properties,
      ...propertiesOf(properties, sending),
      headers: { ...own, ...sending.headers },
    };
    const args = [exchange, routingKey, content, carrying];
    return send(sending, original, args, onConfirm, rest);
  };
}

/** A property is a short string of AMQP: the library throws at a longer one. */
const MOST_PROPERTY_BYTES = 255;

/**
 * The properties that say the same as our headers, for those who read but them: the official instrumentation, other clients, and a consumer whose
 * headers were lost. Never in place of the caller's. A request (`replyTo`) keeps its `correlationId` for the reply, even where it has none.
 */
function propertiesOf(own: Options, { eventId, correlationId }: Sending): Options {
  const ours: Record<string, string> = {};
  if ((own.messageId ?? null) === null && fits(eventId)) ours.messageId = eventId;
  if ((own.correlationId ?? null) === null && (own.replyTo ?? null) === null && fits(correlationId))
    ours.correlationId = correlationId;
  return ours;
}

function fits(text: string | null): text is string {
  return text !== null && text !== '' && Buffer.byteLength(text) <= MOST_PROPERTY_BYTES;
}

/** A confirmed publish is sent once the broker says so; any other once it is written. */
function send(
  sending: Sending,
  original: Publish,
  args: unknown[],
  onConfirm: unknown,
  rest: unknown[],
): unknown {
  try {
    if (typeof onConfirm !== 'function') {
      const result = sending.run(() => original(...args));
      sending.end();
      return result;
    }
    const confirmed = (error: unknown, ...more: unknown[]): unknown => {
      sending.end(error ?? undefined);
      return onConfirm(error, ...more);
    };
    return sending.run(() => original(...args, confirmed, ...rest));
  } catch (error) {
    sending.end(error);
    throw error;
  }
}

function publicationOf(
  exchange: string,
  routingKey: string,
  properties: Options,
  options: ChannelOptions,
): Publication {
  const { type, headers, messageId, correlationId } = properties;
  return {
    transport: RABBITMQ,
    event:
      named(exchange, routingKey, properties, options) ??
      (typeof type === 'string' && type !== '' ? type : undefined),
    destination: exchange === '' ? routingKey : exchange,
    placeName: routingKey || exchange,
    // The property says less than any header, and less than the workflow that this is part of: it may be that of a request and its reply.
    headers: isText(correlationId) ? { ...(headers as object), correlationid: correlationId } : headers,
    attributes: {
      'rabbitmq.destination.routing_key': routingKey,
      // The broker's own word for a message whose headers are lost.
      ...(isText(messageId) ? { 'messaging.message.id': messageId } : {}),
    },
  };
}

function named(
  exchange: string,
  routingKey: string,
  properties: Options,
  { event }: ChannelOptions,
): string | undefined {
  try {
    return event?.(exchange, routingKey, properties);
  } catch {
    return undefined;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
