import { upshot } from '@upshot/sdk';
import { instrumentKafka } from '@upshot/sdk-kafkajs';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** Takes orders, and tells of them over Kafka. @type {import('./service.mjs').Start} */
export async function start({ KAFKA = '' }) {
  const kafka = instrumentKafka(
    new Kafka({ clientId: 'shop', brokers: [KAFKA], logLevel: logLevel.NOTHING }),
    { event: () => 'order.placed' },
  );
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return {
    commands: {
      placeOrder: (/** @type {{ order: string }} */ { order }) =>
        upshot.workflow(
          order,
          () =>
            producer.send({ topic: 'orders', messages: [{ key: order, value: JSON.stringify({ order }) }] }),
          { name: 'place-order' },
        ),
    },
    close: () => producer.disconnect(),
  };
}
