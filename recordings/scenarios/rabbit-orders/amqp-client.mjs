import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';

/**
 * Connects to the scenario's broker and declares the exchanges and queues that all its services know.
 *
 *     orders (topic) ──order.created──► billing, ──order.#──► email          payments (topic) ──► shipping
 *
 * What happens to a message that `billing` refuses is the argument `RABBIT_RETRY`:
 * - `requeue`: it dies to exchange `orders.dlx`, queue `billing.dead`
 * - `ttl-queue`: it dies to queue `billing.wait`, expires there after 300 ms and dies back to `billing`
 */
export async function connectRabbit() {
  const connection = await amqp.connect(process.env.RABBIT_URL);
  const channel = await connection.createConfirmChannel();
  await channel.prefetch(1);
  await channel.assertExchange('orders', 'topic');
  await channel.assertExchange('payments', 'topic');

  const deadLetter =
    process.env.RABBIT_RETRY === 'ttl-queue' ? await waitingQueue(channel) : await deadQueue(channel);
  await boundQueue(channel, 'billing', 'orders', 'order.created', deadLetter);
  await boundQueue(channel, 'email', 'orders', 'order.#');
  await boundQueue(channel, 'shipping', 'payments', 'payment.#');
  return { connection, channel };
}

async function deadQueue(channel) {
  await channel.assertExchange('orders.dlx', 'topic');
  await boundQueue(channel, 'billing.dead', 'orders.dlx', '#');
  return { deadLetterExchange: 'orders.dlx' };
}

async function waitingQueue(channel) {
  await channel.assertQueue('billing.wait', {
    messageTtl: 300,
    deadLetterExchange: '',
    deadLetterRoutingKey: 'billing',
  });
  await channel.assertQueue('billing.parked');
  return { deadLetterExchange: '', deadLetterRoutingKey: 'billing.wait' };
}

async function boundQueue(channel, queue, exchange, routingKey, options) {
  await channel.assertQueue(queue, options);
  await channel.bindQueue(queue, exchange, routingKey);
}

/** Publishes a JSON body with a new message ID, and resolves when the broker has confirmed it. */
export function publish(channel, exchange, routingKey, body, correlationId) {
  const properties = {
    messageId: randomUUID(),
    correlationId,
    contentType: 'application/json',
    persistent: true,
  };
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, Buffer.from(JSON.stringify(body)), properties, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
