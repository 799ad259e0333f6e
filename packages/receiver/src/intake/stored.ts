import { ReceiverError } from './ReceiverError.js';

/** Waits until a group is durable; a store's failure becomes the answer that makes senders try again. */
export async function stored(durable: Promise<void>): Promise<void> {
  try {
    await durable;
  } catch (error) {
    throw new ReceiverError('store-failed', 'the store could not take the data for now: send it again', {
      cause: error,
    });
  }
}
