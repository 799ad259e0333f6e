import { upshot } from '@upshot/sdk';
import { instrumentProducer } from '@upshot/sdk-kafkajs';
import { Kafka, logLevel, Partitioners } from 'kafkajs';

/** Takes orders, and tells of them over Kafka. @type {import('./service.mjs').Start} */
export async function start({ KAFKA = '' }) {
  let losesHeaders = false;
  const kafka = new Kafka({ clientId: 'shop', brokers: [KAFKA], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1 }], waitForLeaders: true });
  await admin.disconnect();
  const raw = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const { send } = raw;
  raw.send = ({ messages, ...record }) =>
    send({
      ...record,
      messages: messages.map(({ headers, ...known }) => (losesHeaders ? known : { ...known, headers })),
    });
  const producer = instrumentProducer(raw, { event: () => 'order.placed' });
  await producer.connect();
  return {
    commands: {
      loseHeaders: (/** @type {{ loses: boolean }} */ { loses }) => {
        losesHeaders = loses;
      },
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
