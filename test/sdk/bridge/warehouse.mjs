import { receive } from '@upshot/sdk-http';
import { Outbox } from '@upshot/sdk-pg-outbox';
import Fastify from 'fastify';
import pg from 'pg';

/** Takes parcels by a webhook, and writes into its outbox that they are on their way. @type {import('./service.mjs').Start} */
export async function start({ POSTGRES, WEBHOOK_PORT }) {
  const pool = new pg.Pool({ connectionString: POSTGRES });
  pool.on('error', () => {});
  const outbox = new Outbox();
  await pool.query(outbox.schema);
  const app = Fastify();
  const take = async (/** @type {import('fastify').FastifyRequest} */ { body }) => {
    await outbox.transaction(pool, (client) =>
      outbox.add(client, { event: 'parcel.collected', destination: 'parcels.collected', payload: body }),
    );
    return {};
  };
  app.post('/hooks/parcels', receive(take, { step: 'hand-to-carrier' }));
  await app.listen({ port: Number(WEBHOOK_PORT), host: '127.0.0.1' });
  return { close: () => Promise.allSettled([app.close(), pool.end()]) };
}
