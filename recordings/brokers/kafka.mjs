import { BROKERS, Broker } from '@upshot/brokers';
import { Kafka, logLevel } from 'kafkajs';

export const KAFKA_VERSION = 'Apache Kafka 4.1.0 (KRaft, one node)';

/**
 * Starts a private Kafka broker (Maven Central's jars) with its data in a fresh temporary folder.
 *
 * @param {{ topics: Record<string, number> }} options topics to create, with their number of partitions
 * @returns {Promise<{ bootstrap: string, stop: () => Promise<void> }>} `bootstrap` is `host:port`
 */
export async function startKafka({ topics }) {
  const broker = await Broker.start(BROKERS.kafka);
  try {
    await createTopics(broker.url, topics);
  } catch (error) {
    await broker.close();
    throw error;
  }
  return { bootstrap: broker.url, stop: () => broker.close() };
}

async function createTopics(bootstrap, topics) {
  // The port opens before the controller is elected, so the first tries may fail.
  const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING, retry: { retries: 20 } });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({
    topics: Object.entries(topics).map(([topic, numPartitions]) => ({ topic, numPartitions })),
  });
  await admin.disconnect();
}
