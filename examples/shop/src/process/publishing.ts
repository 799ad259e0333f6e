import type { Upshot } from '@upshot/sdk';
import type { Faults } from '../faults/Faults.js';
import type { Order } from '../Order.js';
import { TOPICS, type Topic } from '../topics.js';
import type { Transport } from '../transport/Transport.js';

export interface Publishing {
  readonly upshot: Upshot;
  readonly transport: Transport;
  readonly faults: Faults;
}

/** Publishes as the faults of the day have it. */
export async function publish(
  topic: Topic,
  order: Order,
  { upshot, transport, faults }: Publishing,
): Promise<void> {
  const isLost = faults.has('lose-headers', order.id);
  const isTwice = faults.has('duplicate', order.id);
  if (!isLost && !isTwice) return transport.publish(topic, order);
  const publication = { transport: transport.wire, event: TOPICS[topic], destination: topic };
  await upshot.publish(publication, async ({ headers }) => {
    // What lies between, a gateway say, passes on none of the headers; or the producer has not heard that its event arrived.
    await transport.sendRaw(topic, order, isLost ? {} : headers);
    if (isTwice) await transport.sendRaw(topic, order, headers);
  });
}
