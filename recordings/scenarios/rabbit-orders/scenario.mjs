import { fileURLToPath } from 'node:url';
import { startRabbitMQ } from '../../brokers/rabbitmq.mjs';

const here = (file) => new URL(file, import.meta.url);

/**
 * Three orders through RabbitMQ: one is good, one recovers on its third attempt, one fails for good. See README.md of
 * the recordings for the timelines.
 *
 * @param {{
 *   instrumentation: 'amqplib-parent' | 'amqplib-link',
 *   retry?: 'requeue' | 'ttl-queue',
 *   producerHasTelemetry?: boolean,
 * }} options
 */
export const rabbitOrders =
  ({ instrumentation, retry = 'requeue', producerHasTelemetry = true }) =>
  async (stage) => {
    const rabbit = stage.keep(await startRabbitMQ());
    const env = {
      RABBIT_URL: rabbit.url,
      RABBIT_RETRY: retry,
      RECORD_INSTRUMENTATIONS: `http,${instrumentation}`,
    };
    const reader = (name, queue) => stage.node(name, here('reader.mjs'), { ...env, READ_QUEUE: queue });

    const email = await reader('email', 'email');
    const shipping = await reader('shipping', 'shipping');
    const deadLetters = await reader(
      'dead-letters',
      retry === 'ttl-queue' ? 'billing.parked' : 'billing.dead',
    );
    const billing = await stage.node('billing', here('billing.mjs'), env);
    const shop = producerHasTelemetry
      ? await stage.node('shop', here('shop.mjs'), env)
      : await stage.run('shop', process.execPath, [fileURLToPath(here('shop.mjs'))], env);

    const [{ url }] = await shop.said('listening');
    for (const orderId of ['o-4001', 'o-4002', 'o-4003']) await fetch(url, { method: 'POST', body: orderId });
    await email.said('done', 3);
    await billing.said('done', 3);
    await shipping.said('done', 2);
    await deadLetters.said('done', 1);
  };
