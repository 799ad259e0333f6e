import { startRabbitMQ } from '../../brokers/rabbitmq.mjs';
import { startPython } from '../start-python.mjs';

/**
 * Three orders through RabbitMQ with a Python client: a good one, one that recovers, one that fails for good. See
 * README.md of the recordings for the timeline.
 *
 * @param {{ instrumentation: 'pika' | 'aio-pika', folder: string }} options `folder` of python/ has the services
 */
export const pythonRabbit =
  ({ instrumentation, folder }) =>
  async (stage) => {
    const rabbit = stage.keep(await startRabbitMQ());
    const env = { RABBIT_URL: rabbit.url, RECORD_INSTRUMENTATIONS: instrumentation };
    const start = (name, script, more) =>
      startPython(stage, name, `${folder}/${script}`, { ...env, ...more });

    const email = await start('email', 'reader.py', { READ_QUEUE: 'email' });
    const shipping = await start('shipping', 'reader.py', { READ_QUEUE: 'shipping' });
    const deadLetters = await start('dead-letters', 'reader.py', { READ_QUEUE: 'billing.dead' });
    const billing = await start('billing', 'billing.py');
    const shop = await start('shop', 'shop.py');

    for (const order of ['o-7001', 'o-7002', 'o-7003']) shop.tell({ command: 'order', order });
    await email.said('done', 3);
    await billing.said('done', 3);
    await shipping.said('done', 2);
    await deadLetters.said('done', 1);
  };
