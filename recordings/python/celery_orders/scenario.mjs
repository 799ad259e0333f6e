import { startRedis } from '../../brokers/redis.mjs';
import { startPython } from '../start-python.mjs';

/** Three orders as Celery tasks over Redis: a good one, one that recovers, one whose retries run out. See python-celery/README.md. */
export async function celeryOrders(stage) {
  const redis = stage.keep(await startRedis());
  const env = { CELERY_BROKER: `redis://127.0.0.1:${redis.port}/0`, RECORD_INSTRUMENTATIONS: 'celery' };
  const worker = await startPython(stage, 'worker', 'celery_orders/worker.py', env);
  const shop = await startPython(stage, 'shop', 'celery_orders/shop.py', env);

  for (const order of ['o-9101', 'o-9102', 'o-9103']) shop.tell({ command: 'order', order });
  await worker.said('done', 3);
  await worker.said('shipped', 2);
}
