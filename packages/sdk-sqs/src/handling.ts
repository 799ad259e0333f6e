import { type Attempt, upshot as processWide } from '@upshot/sdk';
import { named, type Receipt } from './Receipt.js';
import { RECEIPTS } from './Receipts.js';
import type { SqsOptions } from './SqsOptions.js';

/**
 * The attempt that a message is being handled as; it begins now if nobody has begun with it. To `run` what follows from it, to `skip` it, or to say
 * that it was put aside. Null for a message of a client that was not instrumented.
 */
export function attemptOf(message: object): Attempt | null {
  return RECEIPTS.of(message)?.begin() ?? null;
}

/**
 * Wraps a handler of messages, of one or of an array: each is an attempt, which has succeeded when the handler ends and failed when it throws. Of an
 * array, the handler may tell which are done: by returning those messages, or as Lambda's `batchItemFailures`. Takes Lambda's records, too.
 */
export function handling<Message, Rest extends unknown[], Result>(
  handler: (message: Message, ...rest: Rest) => Result,
  options: SqsOptions = {},
): (message: Message, ...rest: Rest) => Result {
  return function (this: unknown, message, ...rest) {
    const work = () => handler.call(this, message, ...rest);
    if (Array.isArray(message) && message.every(isObject)) return handleAll(message, work, options);
    if (!isObject(message)) return work();
    const receipt = RECEIPTS.ofAny(message);
    const attempt = receipt.next(options);
    return ended(
      () => attempt.run(work),
      () => succeed(receipt),
      (error) => fail(receipt, error, options),
    );
  };
}

function handleAll<Result>(messages: readonly object[], work: () => Result, options: SqsOptions): Result {
  const receipts = messages.map((message) => RECEIPTS.ofAny(message));
  const upshot = options.upshot ?? receipts[0]?.upshot ?? processWide;
  const batch = upshot.beginBatch(receipts.map((one) => one.reception(options)));
  receipts.forEach((receipt, at) => {
    receipt.begun(batch.attempts[at]!);
  });
  return ended(
    () => batch.run(work),
    (result) => {
      const left = undone(messages, receipts, result);
      for (const receipt of receipts) {
        if (left.has(receipt)) fail(receipt, notDone(), options);
        else succeed(receipt);
      }
      batch.succeed();
    },
    (error) => {
      for (const receipt of receipts) fail(receipt, error, options);
      batch.fail(error, () => null);
    },
  );
}

/** What is settled needs no handle any more. */
function succeed(receipt: Receipt): void {
  receipt.succeed();
  RECEIPTS.forget(receipt.said.receiptHandle);
}

function fail(receipt: Receipt, error: unknown, options: SqsOptions): void {
  receipt.fail(error, options);
  RECEIPTS.forget(receipt.said.receiptHandle);
}

function notDone(): Error {
  return named('NotDone', 'the handler did not count it as done');
}

/** Those that the handler tells are not done. */
function undone(messages: readonly object[], receipts: readonly Receipt[], result: unknown): Set<Receipt> {
  if (Array.isArray(result) && result.every((one) => messages.includes(one)))
    return new Set(receipts.filter((_, at) => !result.includes(messages[at])));
  const { batchItemFailures } = (result ?? {}) as { batchItemFailures?: unknown };
  if (!Array.isArray(batchItemFailures)) return new Set();
  const failed = new Set(
    batchItemFailures.map((one: { itemIdentifier?: unknown } | null) => one?.itemIdentifier),
  );
  return new Set(receipts.filter((_, at) => failed.has(idOf(messages[at]!))));
}

function idOf(message: object): unknown {
  const { messageId, MessageId } = message as { messageId?: unknown; MessageId?: unknown };
  return messageId ?? MessageId;
}

/** The caller gets the same value, promise or not, and the same error. */
function ended<Result>(
  work: () => Result,
  succeeded: (value: unknown) => void,
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
    succeeded(result);
    return result;
  }
  return result.then(
    (value: unknown) => {
      succeeded(value);
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  ) as Result;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
