import { createRequire } from 'node:module';

// The old instrumentation brings an old hook, which sees only what is loaded with `require`.
const { Kafka, logLevel } = createRequire(import.meta.url)('kafkajs');

/** A kafkajs client of the scenario's broker. */
export function connectKafka(clientId) {
  return new Kafka({ clientId, brokers: [process.env.KAFKA_BOOTSTRAP], logLevel: logLevel.NOTHING });
}

/**
 * Runs a consumer group over one topic and comes back when it has its partitions.
 *
 * @param {import('kafkajs').Kafka} kafka
 * @param {{ groupId: string, topic: string, retry?: object } & import('kafkajs').ConsumerRunConfig} options
 */
export async function consume(kafka, { groupId, topic, retry, ...handlers }) {
  // The default long poll of 5 s would be waited for at the end.
  const consumer = kafka.consumer({ groupId, retry, maxWaitTimeInMs: 500 });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run(handlers);
  await joined;
  return consumer;
}
