import { createRequire } from 'node:module';
import { instrumentChannel } from '@upshot/sdk-amqplib';
import { WebhookSender } from '@upshot/sdk-http';

// It ships no types.
const amqplib = createRequire(import.meta.url)('amqplib');

/** Takes what was paid from RabbitMQ, and tells the warehouse by a webhook. @type {import('./service.mjs').Start} */
export async function start({ RABBITMQ = '', WEBHOOK_PORT }) {
  const connection = await amqplib.connect(RABBITMQ);
  const channel = instrumentChannel(await connection.createChannel(), { step: 'ship-order' });
  await channel.assertExchange('payments', 'topic', { durable: true });
  await channel.assertQueue('shipping', { durable: true });
  await channel.bindQueue('shipping', 'payments', 'payment.*');
  const sender = new WebhookSender({ backOffMs: () => 50 });
  await channel.consume('shipping', async (/** @type {any} */ message) => {
    if (message === null) return;
    await sender.send({
      event: 'parcel.packed',
      to: `http://127.0.0.1:${WEBHOOK_PORT}/hooks/parcels`,
      payload: JSON.parse(message.content.toString()),
    });
    channel.ack(message);
  });
  return { close: () => connection.close() };
}
