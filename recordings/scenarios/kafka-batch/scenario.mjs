import { startKafka } from '../../brokers/kafka.mjs';

const here = (file) => new URL(file, import.meta.url);

/**
 * Two batches of four orders through Kafka; the second fails in its third message and comes again. See README.md of
 * the recordings for the timeline.
 *
 * @param {'kafkajs-new' | 'kafkajs-old'} instrumentation
 */
export const kafkaBatch = (instrumentation) => async (stage) => {
  const kafka = stage.keep(await startKafka({ topics: { orders: 1, shipments: 1 } }));
  const env = {
    KAFKA_BOOTSTRAP: kafka.bootstrap,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    RECORD_INSTRUMENTATIONS: `http,${instrumentation}`,
  };
  const carrier = await stage.node('carrier', new URL('../kafka-each/reader.mjs', import.meta.url), {
    ...env,
    READ_TOPIC: 'shipments',
  });
  const fulfilment = await stage.node('fulfilment', here('fulfilment.mjs'), env);
  const shop = await stage.node('shop', here('shop.mjs'), env);

  const [{ url }] = await shop.said('listening');
  const order = (orderId) => fetch(url, { method: 'POST', body: orderId });

  for (const orderId of ['o-3001', 'o-3002', 'o-3003', 'o-3004']) await order(orderId);
  fulfilment.tell({ command: 'take-batch' });
  await fulfilment.said('batch', 1);

  for (const orderId of ['o-3005', 'o-3006', 'o-3007', 'o-3008']) await order(orderId);
  fulfilment.tell({ command: 'take-batch' });
  await fulfilment.said('batch', 2);
  await carrier.said('done', 10);
};
