import { upshot as processWide } from '@upshot/sdk';
import { CarryingHeaders } from './CarryingHeaders.js';
import type { HeadersLike } from './clients.js';
import { NATS } from './NATS.js';
import type { PublisherOptions } from './NatsOptions.js';

type Publish = (...args: unknown[]) => Promise<unknown>;

/** What the broker answers to a publish. */
interface PubAck {
  readonly stream?: unknown;
  readonly seq?: unknown;
  readonly duplicate?: unknown;
}

/** `publish` of a JetStream client, with the context in the message's headers. The caller's options and headers are left as they are. */
export function publishing(original: Publish, options: PublisherOptions): Publish {
  return (subject, payload, given, ...rest) => {
    const own = (given ?? {}) as Readonly<Record<string, unknown>>;
    const headers = isHeaders(own.headers) ? own.headers : undefined;
    // What is no subject, or has headers of some other make, is the library's to refuse.
    if (typeof subject !== 'string' || (headers === undefined && own.headers !== undefined))
      return original(subject, payload, given, ...rest);
    const { msgID } = own;
    const publication = {
      transport: NATS,
      event: named(() => options.event?.(subject, own)),
      // By this ID the broker tells that it has the event already: it is the event's.
      id: typeof msgID === 'string' && msgID !== '' ? msgID : undefined,
      destination: subject,
      placeName: subject,
      headers,
    };
    return (options.upshot ?? processWide).publish(publication, async (sending) => {
      const carrying = { ...own, headers: new CarryingHeaders(headers, sending.headers) };
      const answer = await original(subject, payload, carrying, ...rest);
      const { stream, seq, duplicate } = (answer ?? {}) as PubAck;
      sending.learn({
        'messaging.nats.stream': typeof stream === 'string' ? stream : undefined,
        'messaging.nats.sequence': typeof seq === 'number' ? seq : undefined,
        'messaging.nats.duplicate': duplicate === true ? 'true' : undefined,
      });
      return answer;
    });
  };
}

function isHeaders(value: unknown): value is HeadersLike {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function named(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
