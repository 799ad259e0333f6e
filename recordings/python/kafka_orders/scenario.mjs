import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka } from '../../brokers/kafka.mjs';
import { startPython } from '../start-python.mjs';

/**
 * Three orders through Kafka with a Python client: a good one, one that recovers, one that fails for good. See
 * README.md of the recordings for the timeline.
 *
 * @param {{ instrumentation: string, client?: 'confluent' | 'kafka_python', folder?: string }} options `folder` of
 *   python/ has the services
 */
export const pythonKafka =
  ({ instrumentation, client = '', folder = 'kafka_orders' }) =>
  async (stage) => {
    const kafka = stage.keep(await startKafka({ topics: { orders: 2, payments: 1, 'orders.dlq': 1 } }));
    const env = {
      KAFKA_BOOTSTRAP: kafka.bootstrap,
      KAFKA_CLIENT: client,
      RECORD_INSTRUMENTATIONS: instrumentation,
    };
    const start = (name, script, more) =>
      startPython(stage, name, `${folder}/${script}`, { ...env, ...more });

    const email = await start('email', 'reader.py', { READ_TOPIC: 'orders' });
    const shipping = await start('shipping', 'reader.py', { READ_TOPIC: 'payments' });
    const deadLetters = await start('dead-letters', 'reader.py', { READ_TOPIC: 'orders.dlq' });
    const billing = await start('billing', 'billing.py');
    const shop = await start('shop', 'shop.py');

    for (const order of ['o-6001', 'o-6002', 'o-6003']) shop.tell({ command: 'order', order });
    await email.said('done', 3);
    await billing.said('done', 3);
    await shipping.said('done', 2);
    await deadLetters.said('done', 1);
  };

/** Four orders that lie in the topic before billing takes batches, with confluent-kafka's `consume`. */
export async function confluentBatch(stage) {
  const kafka = stage.keep(await startKafka({ topics: { orders: 1, payments: 1, 'orders.dlq': 1 } }));
  const env = {
    KAFKA_BOOTSTRAP: kafka.bootstrap,
    KAFKA_CLIENT: 'confluent',
    RECORD_INSTRUMENTATIONS: 'confluent-kafka',
  };
  const start = (name, script, more) =>
    startPython(stage, name, `kafka_orders/${script}`, { ...env, ...more });

  const shipping = await start('shipping', 'reader.py', { READ_TOPIC: 'payments' });
  const deadLetters = await start('dead-letters', 'reader.py', { READ_TOPIC: 'orders.dlq' });
  const shop = await start('shop', 'shop.py');
  for (const order of ['o-6001', 'o-6002', 'o-6003', 'o-6004']) shop.tell({ command: 'order', order });
  await sleep(1000);
  const billing = await start('billing', 'batch_billing.py');
  await billing.said('done', 4);
  await shipping.said('done', 3);
  await deadLetters.said('done', 1);
}
