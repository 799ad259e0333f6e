import { startKafka } from '../../brokers/kafka.mjs';
import { startRabbitMQ } from '../../brokers/rabbitmq.mjs';

const here = (file) => new URL(file, import.meta.url);

/** Three orders from Kafka over a bridge through RabbitMQ to a web API. See kafka-to-rabbit/README.md. */
export async function kafkaToRabbit(stage) {
  const kafka = stage.keep(await startKafka({ topics: { orders: 1 } }));
  const rabbit = stage.keep(await startRabbitMQ());
  const env = {
    KAFKA_BOOTSTRAP: kafka.bootstrap,
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
    RABBIT_URL: rabbit.url,
    RECORD_INSTRUMENTATIONS: 'http,kafkajs-new,amqplib-link',
  };
  const carrier = await stage.node('carrier-api', here('carrier-api.mjs'), env);
  const [{ url: CARRIER_URL }] = await carrier.said('listening');

  const mail = await stage.node('mail', here('reader.mjs'), { ...env, READ_QUEUE: 'mail' });
  const deadLetters = await stage.node('dead-letters', here('reader.mjs'), {
    ...env,
    READ_QUEUE: 'courier.dead',
  });
  const courier = await stage.node('courier', here('courier.mjs'), { ...env, CARRIER_URL });
  const warehouse = await stage.node('warehouse', here('warehouse.mjs'), env);
  const bridge = await stage.node('bridge', here('bridge.mjs'), env);
  const shop = await stage.node('shop', new URL('../kafka-batch/shop.mjs', import.meta.url), env);

  const [{ url }] = await shop.said('listening');
  for (const orderId of ['o-9001', 'o-9002', 'o-9003']) await fetch(url, { method: 'POST', body: orderId });
  await bridge.said('done', 3);
  await warehouse.said('done', 3);
  await courier.said('done', 3);
  await mail.said('done', 3);
  await deadLetters.said('done', 1);
}
