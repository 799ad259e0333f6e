import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { upshot } from '@upshot/sdk';
import { instrumentJetStream } from '@upshot/sdk-nats';

/** Writes to the buyer once a parcel is on its way, as NATS says. @type {import('./service.mjs').Start} */
export async function start({ NATS }) {
  const connection = await connect({ servers: NATS });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'parcels', subjects: ['parcels.>'] });
  await manager.consumers.add('parcels', { durable_name: 'mail', ack_policy: 'explicit' });
  const js = instrumentJetStream(jetstream(connection), { step: 'mail-buyer' });
  const consumer = await js.consumers.get('parcels', 'mail');
  await consumer.consume({
    callback: (message) => {
      upshot.step('render-letter', () => message.json());
      message.ack();
    },
  });
  return { close: () => connection.close() };
}
