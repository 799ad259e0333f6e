import { types } from 'node:util';

/** Hears how work ends. */
type Ear = (value: unknown) => void;

/**
 * Runs work and hears how it ends, without changing what the caller gets: a value stays a value, a promise the same promise, an error the
 * same error, and none of them a tick later. What can be awaited but is no promise (a query that begins once it is awaited) becomes one.
 */
export function follow<Result>(work: () => Result, ended: Ear, failed: Ear): Result {
  const result = begin(work, failed);
  if (types.isPromise(result)) {
    result.then(ended, failed);
    return result;
  }
  if (isThenable(result)) return chained(Promise.resolve(result), ended, failed) as Result;
  ended(result);
  return result;
}

/** Like `follow`, for tests that shall fail where `ended` throws: a promise is another one, which `ended` may reject. */
export function chain<Result>(work: () => Result, ended: Ear, failed: Ear): Result {
  const result = begin(work, failed);
  if (isThenable(result)) return chained(Promise.resolve(result), ended, failed) as Result;
  ended(result);
  return result;
}

function begin<Result>(work: () => Result, failed: Ear): Result {
  try {
    return work();
  } catch (error) {
    failed(error);
    throw error;
  }
}

function chained(promise: Promise<unknown>, ended: Ear, failed: Ear): Promise<unknown> {
  return promise.then(
    (value) => {
      ended(value);
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
