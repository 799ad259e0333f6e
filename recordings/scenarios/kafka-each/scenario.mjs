import { startKafka } from '../../brokers/kafka.mjs';

const here = (file) => new URL(file, import.meta.url);

/**
 * Four orders through Kafka, each message handled for itself. See README.md of the recordings for the timeline.
 *
 * @param {'kafkajs-new' | 'kafkajs-old'} instrumentation
 */
export const kafkaEach = (instrumentation) => async (stage) => {
  const kafka = stage.keep(await startKafka({ topics: { orders: 3, payments: 1, 'orders.dlq': 1 } }));
  const env = {
    KAFKA_BOOTSTRAP: kafka.bootstrap,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    RECORD_INSTRUMENTATIONS: `http,${instrumentation}`,
  };
  const reader = (name, topic) => stage.node(name, here('reader.mjs'), { ...env, READ_TOPIC: topic });

  const email = await reader('email', 'orders');
  const shipping = await reader('shipping', 'payments');
  const deadLetters = await reader('dead-letters', 'orders.dlq');
  const billing = await stage.node('billing', here('billing.mjs'), env);
  const checkout = await stage.node('checkout', here('checkout.mjs'), env);

  const [{ url }] = await checkout.said('listening');
  const orders = {
    'o-1001': ['book'],
    'o-1002': ['lamp'],
    'o-1003': ['chair'],
    'o-1004': ['desk', 'screws'],
  };
  for (const [orderId, parts] of Object.entries(orders)) {
    await fetch(url, { method: 'POST', body: JSON.stringify({ orderId, parts }) });
  }
  await email.said('done', 5);
  await billing.said('done', 5);
  await shipping.said('done', 4);
  await deadLetters.said('done', 1);
};
