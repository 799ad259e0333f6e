import { randomUUID } from 'node:crypto';
import amqp from 'amqplib';

/**
 * Connects to the scenario's RabbitMQ and declares what all its services know.
 *
 *     shipments (topic) ──shipment.requested──► warehouse
 *                       ──parcel.packed──► courier (dies to shipments.dlx ► courier.dead), mail
 */
export async function connectRabbit() {
  const connection = await amqp.connect(process.env.RABBIT_URL);
  const channel = await connection.createConfirmChannel();
  await channel.prefetch(1);
  await channel.assertExchange('shipments', 'topic');
  await channel.assertExchange('shipments.dlx', 'topic');
  const queue = async (name, exchange, routingKey, options) => {
    await channel.assertQueue(name, options);
    await channel.bindQueue(name, exchange, routingKey);
  };
  await queue('warehouse', 'shipments', 'shipment.requested');
  await queue('courier', 'shipments', 'parcel.packed', { deadLetterExchange: 'shipments.dlx' });
  await queue('mail', 'shipments', 'parcel.packed');
  await queue('courier.dead', 'shipments.dlx', '#');
  return { connection, channel };
}

/** Publishes to `shipments` with a new message ID; resolves when the broker has confirmed it. */
export function publishShipment(channel, routingKey, order, correlationId) {
  const properties = { messageId: randomUUID(), correlationId, contentType: 'application/json' };
  return new Promise((resolve, reject) => {
    channel.publish('shipments', routingKey, Buffer.from(JSON.stringify(order)), properties, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}
