/** `bridge`: hands each of Kafka's `orders` to RabbitMQ as `shipment.requested`; the correlation ID is the order's number. */
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectKafka, consume } from '../kafka-client.mjs';
import { connectRabbit, publishShipment } from './rabbit-topology.mjs';

const { connection, channel } = await connectRabbit();
const consumer = await consume(connectKafka('bridge'), {
  groupId: 'bridge',
  topic: 'orders',
  eachMessage: async ({ message }) => {
    const orderId = message.key.toString();
    await publishShipment(channel, 'shipment.requested', { orderId }, orderId);
    say('done', { orderId });
  },
});

await serve({
  close: async () => {
    await consumer.disconnect();
    await connection.close();
  },
});
