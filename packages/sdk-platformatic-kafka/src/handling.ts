import type { MessageIn } from './clients.js';
import type { ConsumerOptions } from './KafkaOptions.js';
import { take, takeAll } from './Messages.js';

/**
 * Wraps a handler of messages, of one or of an array: each call is an attempt of its message, which has succeeded when the handler ends and failed when
 * it throws; a call with the same message is its next try. Of an array, what is published within `attemptOf(message).run` follows from that message.
 */
export function handling<Message, Rest extends unknown[], Result>(
  handler: (message: Message, ...rest: Rest) => Result,
  options: ConsumerOptions = {},
): (message: Message, ...rest: Rest) => Result {
  return function (this: unknown, message, ...rest) {
    const work = () => handler.call(this, message, ...rest);
    if (Array.isArray(message) && message.every(isMessage)) {
      const batch = takeAll(message, options);
      return ended(
        () => batch.run(work),
        () => batch.succeed(),
        (error) => batch.fail(error, () => null),
      );
    }
    if (!isMessage(message)) return work();
    const attempt = take(message, options);
    return ended(
      () => attempt.run(work),
      () => attempt.succeed(),
      (error) => attempt.fail(error),
    );
  };
}

/** The caller gets the same value, promise or not, and the same error. */
export function ended<Result>(
  work: () => Result,
  succeeded: () => void,
  failed: (error: unknown) => void,
): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!(result instanceof Promise)) {
    succeeded();
    return result;
  }
  return result.then(
    (value: unknown) => {
      succeeded();
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  ) as Result;
}

export function isMessage(value: unknown): value is MessageIn {
  const { topic, offset } = (value ?? {}) as { topic?: unknown; offset?: unknown };
  return typeof topic === 'string' && typeof offset === 'bigint';
}
