import type { Attempt } from '@upshot/sdk';
import type { ConsumerLike, MessageLike } from './clients.js';
import { Deliveries } from './Deliveries.js';
import type { ConsumerOptions } from './NatsOptions.js';

type Call = (...args: unknown[]) => Promise<unknown>;
type Callback = (message: MessageLike) => unknown;

const done = new WeakSet<object>();

/**
 * Instruments a consumer of JetStream, pull or push: each delivery is an attempt, which `ack`, `nak` or `term` settles, or the end of its ack-wait.
 * In a callback, what is published follows from its message; in a loop, what runs within `attemptOf(message).run`. The same consumer is returned.
 */
export function instrumentConsumer<Consumer extends ConsumerLike>(
  consumer: Consumer,
  options: ConsumerOptions = {},
): Consumer {
  if (done.has(consumer)) return consumer;
  done.add(consumer);
  const deliveries = new Deliveries(options);
  const own = consumer as unknown as Record<string, Call | undefined>;
  // What the client knows already: the broker is not asked.
  const known = Promise.resolve(own.info?.call(consumer, true)).then(
    (info) => deliveries.learn(info),
    () => undefined,
  );
  const { consume, fetch, next } = own;
  for (const [name, call] of Object.entries({ consume, fetch })) {
    if (typeof call !== 'function') continue;
    own[name] = async (given, ...rest) => {
      await known;
      return watched(await call.call(consumer, withCallback(given, deliveries), ...rest), deliveries);
    };
  }
  if (typeof next === 'function') {
    own.next = async (...args) => {
      await known;
      const message = await next.apply(consumer, args);
      if (isMessage(message)) {
        const attempt = deliveries.begin(message);
        if (deliveries.needsNoAck) attempt.succeed();
      }
      return message;
    };
  }
  return consumer;
}

function withCallback(given: unknown, deliveries: Deliveries): unknown {
  const { callback } = (given ?? {}) as { callback?: unknown };
  if (typeof callback !== 'function') return given;
  return { ...(given as object), callback: handling(callback as Callback, deliveries) };
}

function handling(callback: Callback, deliveries: Deliveries): Callback {
  return function (this: unknown, message) {
    if (!isMessage(message)) return callback.call(this, message);
    const attempt = deliveries.begin(message);
    const isSettled = deliveries.needsNoAck;
    let result: unknown;
    try {
      result = attempt.run(() => callback.call(this, message));
    } catch (error) {
      deliveries.failed(message, error);
      throw error;
    }
    if (!(result instanceof Promise)) {
      if (isSettled) attempt.succeed();
      return result;
    }
    // The client looks at no result: what rejects goes on being unhandled.
    return result.then(
      (value) => {
        if (isSettled) attempt.succeed();
        return value;
      },
      (error) => {
        deliveries.failed(message, error);
        throw error;
      },
    );
  };
}

/** Messages to loop over: each is an attempt from when it is handed out. */
function watched(messages: unknown, deliveries: Deliveries): unknown {
  const own = messages as { [Symbol.asyncIterator]?: () => AsyncIterator<unknown> } | null;
  const iterate = own?.[Symbol.asyncIterator];
  if (own === null || typeof iterate !== 'function') return messages;
  own[Symbol.asyncIterator] = () => {
    const iterator = iterate.call(own);
    let handedOut: Attempt | null = null;
    /** Where nothing is acknowledged, a message is done when the next one is asked for. */
    const nextIsAsked = () => {
      if (deliveries.needsNoAck) handedOut?.succeed();
    };
    return {
      async next() {
        nextIsAsked();
        const result = await iterator.next();
        handedOut = result.done !== true && isMessage(result.value) ? deliveries.begin(result.value) : null;
        return result;
      },
      async return(value?: unknown) {
        nextIsAsked();
        return (await iterator.return?.(value)) ?? { done: true, value };
      },
      async throw(error?: unknown) {
        if (iterator.throw === undefined) throw error;
        return iterator.throw(error);
      },
    };
  };
  return messages;
}

function isMessage(value: unknown): value is MessageLike {
  const { ack, subject } = (value ?? {}) as { ack?: unknown; subject?: unknown };
  return typeof ack === 'function' && typeof subject === 'string';
}
