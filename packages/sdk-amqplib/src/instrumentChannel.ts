import { type Attempt, upshot as processWide, type Upshot } from '@upshot/sdk';
import type { ChannelOptions } from './ChannelOptions.js';
import type { ChannelLike, MessageLike } from './channels.js';
import { OpenAttempts } from './OpenAttempts.js';
import { publishing } from './publishing.js';
import { receptionOf } from './receptionOf.js';

const attempts = new WeakMap<object, Attempt>();
const done = new WeakSet<object>();

/**
 * The attempt that a message is being handled as: to `run` something for it outside of its callback, to `skip` it, or to say why it failed
 * before it is rejected. Null for a message of a channel that was not instrumented.
 */
export function attemptOf(message: object): Attempt | null {
  return attempts.get(message) ?? null;
}

/**
 * One line for a channel: `const channel = instrumentChannel(await connection.createChannel())`.
 *
 * What it publishes carries its context, and each message that it consumes is an attempt: it has succeeded when it is acknowledged, failed when it
 * is rejected, with what becomes of it, or when the channel closes over it. The same channel is returned, and nothing that it does is changed.
 */
export function instrumentChannel<Channel extends ChannelLike>(
  channel: Channel,
  options: ChannelOptions = {},
): Channel {
  if (done.has(channel)) return channel;
  done.add(channel);
  const upshot = options.upshot ?? processWide;
  const open = new OpenAttempts();
  const own = channel as unknown as Record<string, (...args: unknown[]) => unknown>;
  const wrap = (
    name: string,
    around: (original: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown,
  ) => {
    const original = own[name];
    if (typeof original === 'function') own[name] = around(original.bind(channel));
  };

  wrap('publish', (original) => publishing(original, upshot, options));
  wrap('consume', (original) => (queue, onMessage, consumeOptions, ...rest) => {
    if (typeof onMessage !== 'function') return original(queue, onMessage, consumeOptions, ...rest);
    const isSettled = (consumeOptions as { noAck?: boolean } | undefined)?.noAck === true;
    const handler = handling(String(queue), onMessage as Handler, isSettled, { upshot, open, options });
    return original(queue, handler, consumeOptions, ...rest);
  });
  // Fetched one by one: there is no handler to run, and so it begins with the fetch.
  const fetched = (queue: unknown, message: unknown, noAck: boolean): Attempt | null => {
    if (noAck || typeof message !== 'object' || message === null) return null;
    const attempt = upshot.begin(receptionOf(String(queue), message as MessageLike, options, upshot.service));
    attempts.set(message, attempt);
    open.add(message, attempt);
    return attempt;
  };
  wrap('get', (original) => (queue, getOptions, onMessage) => {
    const noAck = (getOptions as { noAck?: boolean } | undefined)?.noAck === true;
    if (typeof onMessage === 'function') {
      return original(queue, getOptions, (error: unknown, message: unknown) => {
        const attempt = fetched(queue, message, noAck);
        return attempt === null ? onMessage(error, message) : attempt.run(() => onMessage(error, message));
      });
    }
    const result = original(queue, getOptions);
    if (!(result instanceof Promise)) return result;
    return result.then((message: unknown) => {
      fetched(queue, message, noAck);
      return message;
    });
  });
  wrap('ack', (original) => (message, allUpTo) => {
    for (const attempt of open.take(message, allUpTo === true)) attempt.succeed();
    return original(message, allUpTo);
  });
  wrap('nack', (original) => (message, allUpTo, requeue) => {
    for (const attempt of open.take(message, allUpTo === true)) reject(attempt, 'nack', requeue !== false);
    return original(message, allUpTo, requeue);
  });
  wrap('reject', (original) => (message, requeue) => {
    for (const attempt of open.take(message, false)) reject(attempt, 'reject', requeue !== false);
    return original(message, requeue);
  });
  wrap('ackAll', (original) => () => {
    for (const attempt of open.takeAll()) attempt.succeed();
    return original();
  });
  wrap('nackAll', (original) => (requeue) => {
    for (const attempt of open.takeAll()) reject(attempt, 'nackAll', requeue !== false);
    return original(requeue);
  });
  // What was not acknowledged is delivered again.
  const comesAgain = (type: string, message: string) => {
    for (const attempt of open.takeAll()) attempt.fail(named(type, message), 'retry');
  };
  wrap('recover', (original) => (...args) => {
    comesAgain('Recovered', 'the channel asked for all that was not acknowledged');
    return original(...args);
  });
  channel.once('close', () => comesAgain('ChannelClosed', 'the channel closed before it was acknowledged'));
  return channel;
}

type Handler = (message: MessageLike | null) => unknown;

interface Handling {
  readonly upshot: Upshot;
  readonly open: OpenAttempts;
  readonly options: ChannelOptions;
}

function handling(
  queue: string,
  onMessage: Handler,
  isSettled: boolean,
  { upshot, open, options }: Handling,
): Handler {
  return function (this: unknown, message) {
    if (message === null) return onMessage.call(this, message);
    if (isSettled)
      return upshot.process(receptionOf(queue, message, options, upshot.service), () =>
        onMessage.call(this, message),
      );
    const attempt = upshot.begin(receptionOf(queue, message, options, upshot.service));
    attempts.set(message, attempt);
    open.add(message, attempt);
    // Where the handler throws, nobody acknowledges: it has failed, and what becomes of the message is still open.
    const failed = (error: unknown) => attempt.fail(error);
    let result: unknown;
    try {
      result = attempt.run(() => onMessage.call(this, message));
    } catch (error) {
      failed(error);
      throw error;
    }
    if (!(result instanceof Promise)) return result;
    // amqplib looks at no result: what rejects goes on being unhandled.
    return result.then(undefined, (error) => {
      failed(error);
      throw error;
    });
  };
}

/** As the official instrumentation says it: what was decided, where the reason is not known. */
function reject(attempt: Attempt, operation: string, requeue: boolean): void {
  const message = `${operation} called on message ${requeue ? 'with' : 'without'} requeue`;
  attempt.fail(named(operation, message), requeue ? 'retry' : 'dead-letter');
}

function named(type: string, message: string): Error {
  const error = new Error(message);
  error.name = type;
  // The stack is that of the adapter and says nothing about the failure.
  error.stack = undefined;
  return error;
}
