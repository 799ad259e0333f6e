import { AsyncResource } from 'node:async_hooks';
import { upshot as processWide, type Sending, textOf } from '@upshot/sdk';
import type { MessageOut, ProducerLike } from './clients.js';
import { carryingHeaders, headerForm } from './headerForm.js';
import { KAFKA, MOST_KEY } from './KAFKA.js';
import type { ProducerOptions } from './KafkaOptions.js';

type Send = (options: unknown, ...rest: unknown[]) => unknown;
type Callback = (error: unknown, result: unknown) => unknown;

const done = new WeakSet<object>();

/**
 * One line for a producer: `const producer = instrumentProducer(new Producer({ … }))`. Each message is an event, and carries its context in its headers;
 * within transactions and streams, too. The same producer is returned; messages of the caller are left as they are.
 */
export function instrumentProducer<Producer extends ProducerLike>(
  producer: Producer,
  options: ProducerOptions = {},
): Producer {
  if (done.has(producer)) return producer;
  done.add(producer);
  const form = headerForm(producer, options.headers);
  const own = producer as unknown as { send: Send };
  const send: Send = own.send.bind(producer);
  own.send = (given, ...args) => {
    const rest = args.map(inContext);
    const { messages } = (given ?? {}) as { messages?: unknown };
    // What is no message is the library's to refuse.
    if (!Array.isArray(messages) || messages.length === 0 || !messages.every(isMessage))
      return send(given, ...rest);
    const sendings: Sending[] = [];
    const carrying = messages.map((message) => {
      const sending = open(message, options);
      sendings.push(sending);
      return { ...message, headers: carryingHeaders(message.headers, sending.headers, form) };
    });
    const call = () => hear(send, { ...(given as object), messages: carrying }, rest, sendings);
    try {
      return sendings[0]!.run(call);
    } catch (error) {
      for (const sending of sendings) sending.end(error);
      throw error;
    }
  };
  return producer;
}

function open(message: MessageOut, { upshot = processWide, event }: ProducerOptions): Sending {
  const { topic, headers } = message;
  return upshot.open({
    transport: KAFKA,
    event: named(() => event?.(message)),
    destination: topic,
    placeName: topic,
    key: textOf(message.key, MOST_KEY) ?? undefined,
    headers,
  });
}

/** Messages that go in one call: their spans end together, by its promise or by its callback. */
function hear(send: Send, given: object, rest: readonly unknown[], sendings: readonly Sending[]): unknown {
  const callback = rest.at(-1);
  if (typeof callback === 'function') {
    return send(given, ...rest.slice(0, -1), (error: unknown, result: unknown) => {
      end(sendings, error, result);
      return (callback as Callback)(error, result);
    });
  }
  return (send(given, ...rest) as Promise<unknown>).then(
    (result) => {
      end(sendings, null, result);
      return result;
    },
    (error: unknown) => {
      end(sendings, error, null);
      throw error;
    },
  );
}

/** Positions are noted where the answer tells whose they are: all went into one partition, in their order. */
function end(sendings: readonly Sending[], error: unknown, result: unknown): void {
  const { offsets } = (result ?? {}) as { offsets?: unknown };
  const only = Array.isArray(offsets) && offsets.length === 1 ? (offsets[0] as Written) : null;
  sendings.forEach((sending, index) => {
    if (only !== null && typeof only.partition === 'number') {
      const offset = Number(only.offset ?? -1) + index;
      sending.learn({
        'messaging.destination.partition.id': String(only.partition),
        'kafka.offset': Number.isSafeInteger(offset) && Number(only.offset) >= 0 ? offset : undefined,
      });
    }
    sending.end(error ?? undefined);
  });
}

interface Written {
  readonly partition?: unknown;
  readonly offset?: unknown;
}

function isMessage(value: unknown): value is MessageOut {
  return typeof (value as { topic?: unknown } | null)?.topic === 'string';
}

function named(ask: () => string | undefined): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** A callback runs where the call was made, and not within the event that it sent. */
function inContext(argument: unknown): unknown {
  return typeof argument === 'function' ? AsyncResource.bind(argument as Callback) : argument;
}
