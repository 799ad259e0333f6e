/**
 * `billing`: charges the card, publishes `payment.taken`, acknowledges. When the card fails:
 *
 * - RABBIT_RETRY=requeue: nack with requeue, at most twice; then reject without requeue, which dead-letters it
 * - RABBIT_RETRY=ttl-queue: nack without requeue, which sends it around by the waiting queue. The
 *   third failure is published to `billing.parked` and acknowledged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectRabbit, publish } from './amqp-client.mjs';

const GIVE_UP_AT = 3;
const failuresOf = { 'o-4002': 2, 'o-4003': Number.POSITIVE_INFINITY };

const { connection, channel } = await connectRabbit();
const attempts = new Map();

await channel.consume('billing', async (message) => {
  const { orderId } = JSON.parse(message.content.toString());
  const { correlationId } = message.properties;
  const attempt = (attempts.get(orderId) ?? 0) + 1;
  attempts.set(orderId, attempt);

  // The card gateway takes its time, whatever it answers.
  await sleep(25);
  if (attempt > (failuresOf[orderId] ?? 0)) {
    await publish(channel, 'payments', 'payment.taken', { orderId }, correlationId);
    channel.ack(message);
    say('done', { orderId });
  } else if (process.env.RABBIT_RETRY === 'ttl-queue') {
    if (attempt < GIVE_UP_AT) {
      channel.nack(message, false, false);
      return;
    }
    await publish(channel, '', 'billing.parked', { orderId }, correlationId);
    channel.ack(message);
    say('done', { orderId });
  } else if (attempt < GIVE_UP_AT) {
    channel.nack(message, false, true);
  } else {
    channel.reject(message, false);
    say('done', { orderId });
  }
});

await serve({ close: () => connection.close() });
