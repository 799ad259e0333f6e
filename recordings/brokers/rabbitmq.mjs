import { BROKERS, Broker } from '@upshot/brokers';

/**
 * Starts a private RabbitMQ (Debian's `rabbitmq-server`) with its own port mapper and its data in a fresh temporary folder. User `guest`, password
 * `guest`.
 *
 * @returns {Promise<{ url: string, port: number, stop: () => Promise<void> }>} `url` is an `amqp://` URL
 */
export async function startRabbitMQ() {
  const broker = await Broker.start(BROKERS.rabbitmq);
  return { url: broker.url, port: Number(new URL(broker.url).port), stop: () => broker.close() };
}
