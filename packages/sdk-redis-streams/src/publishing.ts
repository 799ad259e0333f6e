import type { Sending, Upshot } from '@upshot/sdk';
import { told } from './Deliveries.js';
import { contextIn, REDIS } from './REDIS.js';
import type { Fields, StreamOptions } from './StreamOptions.js';

/** Begins to publish an entry. */
export function openEntry(stream: string, fields: Fields, upshot: Upshot, { event }: StreamOptions): Sending {
  const context = contextIn(fields);
  return upshot.open({
    transport: REDIS,
    event: told(() => event?.(stream, fields)),
    destination: stream,
    placeName: stream,
    headers: Object.keys(context).length === 0 ? undefined : context,
  });
}

/** Adds it, and learns its ID. */
export async function sent(sending: Sending, add: () => unknown): Promise<unknown> {
  try {
    const id = await sending.run(add);
    if (typeof id === 'string') sending.learn({ 'messaging.message.id': id });
    sending.end();
    return id;
  } catch (error) {
    sending.end(error);
    throw error;
  }
}
