import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { instrumentJetStream } from '@upshot/sdk-nats';
import { Outbox } from '@upshot/sdk-pg-outbox';
import pg from 'pg';

/** Passes on to NATS what lies in the warehouse's outbox. @type {import('./service.mjs').Start} */
export async function start({ POSTGRES, NATS }) {
  const pool = new pg.Pool({ connectionString: POSTGRES });
  pool.on('error', () => {});
  const connection = await connect({ servers: NATS });
  const js = instrumentJetStream(jetstream(connection));
  const relay = new Outbox().relay(pool, {
    everyMs: 50,
    send: (row) => js.publish(row.destination ?? row.event, JSON.stringify(row.payload)),
  });
  relay.start();
  return {
    close: async () => {
      await relay.stop();
      await Promise.allSettled([connection.close(), pool.end()]);
    },
  };
}
