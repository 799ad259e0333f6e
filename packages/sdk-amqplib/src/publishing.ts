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
      messageId: properties.messageId ?? sending.eventId,
      headers: { ...own, ...sending.headers },
    };
    const args = [exchange, routingKey, content, carrying];
    return send(sending, original, args, onConfirm, rest);
  };
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
  const { type, headers } = properties;
  return {
    transport: RABBITMQ,
    event:
      named(exchange, routingKey, properties, options) ??
      (typeof type === 'string' && type !== '' ? type : undefined),
    destination: exchange === '' ? routingKey : exchange,
    placeName: routingKey || exchange,
    headers,
    attributes: { 'rabbitmq.destination.routing_key': routingKey },
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
