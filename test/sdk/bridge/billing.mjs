import { createRequire } from 'node:module';
import { instrumentChannel } from '@upshot/sdk-amqplib';
import { instrumentKafka } from '@upshot/sdk-kafkajs';
import { Kafka, logLevel } from 'kafkajs';

// It ships no types.
const amqplib = createRequire(import.meta.url)('amqplib');

/** Takes orders from Kafka, and tells of what was paid over RabbitMQ. @type {import('./service.mjs').Start} */
export async function start({ KAFKA = '', RABBITMQ = '' }) {
  let losesHeaders = false;
  const connection = await amqplib.connect(RABBITMQ);
  const raw = await connection.createConfirmChannel();
  const { publish } = raw;
  // A wrapper as many houses have one: told to, it passes on the properties that it knows, and no headers.
  raw.publish = (
    /** @type {string} */ exchange,
    /** @type {string} */ routingKey,
    /** @type {Buffer} */ content,
    /** @type {any} */ options,
    /** @type {unknown[]} */ ...rest
  ) => {
    const { headers, ...known } = options;
    return publish.call(
      raw,
      exchange,
      routingKey,
      content,
      losesHeaders ? known : { ...known, headers },
      ...rest,
    );
  };
  const channel = instrumentChannel(raw);
  await channel.assertExchange('payments', 'topic', { durable: true });

  const kafka = instrumentKafka(
    new Kafka({ clientId: 'billing', brokers: [KAFKA], logLevel: logLevel.NOTHING }),
    { step: 'authorize-payment' },
  );
  const consumer = kafka.consumer({ groupId: 'billing', maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topic: 'orders', fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) =>
      new Promise((resolve, reject) => {
        const type = 'payment.authorized';
        const confirmed = (/** @type {unknown} */ error) => (error ? reject(error) : resolve());
        channel.publish('payments', type, message.value, { type, persistent: true }, confirmed);
      }),
  });
  return {
    commands: {
      loseHeaders: (/** @type {{ loses: boolean }} */ { loses }) => {
        losesHeaders = loses;
      },
    },
    close: () => Promise.allSettled([consumer.disconnect(), connection.close()]),
  };
}
