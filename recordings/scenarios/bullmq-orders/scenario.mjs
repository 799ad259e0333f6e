import { startRedis } from '../../brokers/redis.mjs';

const here = (file) => new URL(file, import.meta.url);

/** Five orders as BullMQ jobs: one by one and in bulk, one recovers, one fails for good. See bullmq/README.md. */
export async function bullmqOrders(stage) {
  const redis = stage.keep(await startRedis());
  const env = { REDIS_PORT: String(redis.port), RECORD_INSTRUMENTATIONS: 'http' };

  const shipping = await stage.node('shipping', here('shipping.mjs'), env);
  const billing = await stage.node('billing', here('billing.mjs'), env);
  const shop = await stage.node('shop', here('shop.mjs'), env);

  const [{ url }] = await shop.said('listening');
  for (const orderIds of [['o-5001'], ['o-5002'], ['o-5003'], ['o-5004', 'o-5005']]) {
    await fetch(url, { method: 'POST', body: JSON.stringify(orderIds) });
  }
  await billing.said('done', 5);
  await shipping.said('done', 4);
}
