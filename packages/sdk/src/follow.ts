/** Hears how work ends. */
type Ear = (value: unknown) => void;

/**
 * Runs work and hears how it ends. The caller gets the same value, at once, or the same error; of a promise, one that ends likewise a tick later:
 * listening at the promise itself would hide a rejection that nobody else handles.
 */
export function follow<Result>(work: () => Result, ended: Ear, failed: Ear): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!isThenable(result)) {
    ended(result);
    return result;
  }
  // What can be awaited but is no promise (a query that begins once it is awaited) becomes one, and begins.
  const promise = result instanceof Promise ? result : Promise.resolve(result);
  return promise.then(
    (value: unknown) => {
      ended(value);
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  ) as Result;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false; // a getter that throws: nobody could await it
  }
}
