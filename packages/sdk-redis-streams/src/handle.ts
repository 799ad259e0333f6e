import type { Attempt } from '@upshot/sdk';
import type { Delivery } from './Deliveries.js';

const deliveries = new WeakMap<object, Delivery>();

/** Remembers what an entry is, by the object that the client gave. */
export function remember(entry: object, delivery: Delivery): void {
  deliveries.set(entry, delivery);
}

/**
 * The attempt that an entry is being handled as, which begins with the first call: to `run` something for it, to `skip` it, to say that it is given up. Null
 * for an entry of a client that was not instrumented.
 */
export function attemptOf(entry: object): Attempt | null {
  return deliveries.get(entry)?.attempt ?? null;
}

/**
 * Handles an entry as an attempt: where `work` throws, it has failed; else it succeeds once it is acknowledged. Its result and its errors pass
 * through.
 *
 *     for (const entry of entries) await handle(entry, () => authorize(entry)).then(() => redis.xack('orders', 'billing', entry[0]));
 */
export async function handle<Result>(entry: object, work: () => Result): Promise<Awaited<Result>> {
  const delivery = deliveries.get(entry);
  if (delivery === undefined) return await work();
  try {
    const result = await delivery.attempt.run(work);
    if (delivery.endsItself) delivery.attempt.succeed();
    return result;
  } catch (error) {
    delivery.failed(error);
    throw error;
  }
}
