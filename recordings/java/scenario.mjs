import { startKafka } from '../brokers/kafka.mjs';
import { startRabbitMQ } from '../brokers/rabbitmq.mjs';
import { javaModule } from './java-module.mjs';
import { buildJava, startJava } from './start-java.mjs';

const spring = javaModule('spring');
const axon = javaModule('axon');

/**
 * Three orders through Kafka with kafka-clients: a good one, one that recovers, one that fails for good. See README.md
 * of the recordings for the timeline.
 *
 * @param {Record<string, string>} agent settings of the OpenTelemetry agent, as environment variables
 * @param {{ maxPollRecords?: string }} consumers with more than 1, billing leaves the loop over a poll's records when
 *   one fails
 */
export const javaKafka =
  (agent, { maxPollRecords = '1' } = {}) =>
  async (stage) => {
    await buildJava();
    const kafka = stage.keep(await startKafka({ topics: { orders: 2, payments: 1, 'orders.dlq': 1 } }));
    const env = { ...agent, KAFKA_BOOTSTRAP: kafka.bootstrap, MAX_POLL_RECORDS: maxPollRecords };
    await threeOrders(stage, env, {
      shop: 'KafkaShop',
      billing: 'KafkaBilling',
      reader: 'KafkaReader',
      sources: { email: 'orders', shipping: 'payments', deadLetters: 'orders.dlq' },
    });
  };

/** The same through RabbitMQ with amqp-client. */
export const javaRabbit = (agent) => async (stage) => {
  await buildJava();
  const rabbit = stage.keep(await startRabbitMQ());
  const env = { ...agent, RABBIT_URL: rabbit.url };
  await threeOrders(stage, env, {
    shop: 'RabbitShop',
    billing: 'RabbitBilling',
    reader: 'RabbitReader',
    sources: { email: 'email', shipping: 'shipping', deadLetters: 'billing.dead' },
  });
};

/** The same through Kafka with Spring Kafka's retry topics: the dead-letter topic's handler is billing's own. */
export const springRetryTopics = (agent) => async (stage) => {
  await buildJava();
  await spring.build();
  const topics = { orders: 1, 'orders-retry-200': 1, 'orders-retry-400': 1, 'orders-dlt': 1, payments: 1 };
  const kafka = stage.keep(await startKafka({ topics }));
  const env = { ...agent, KAFKA_BOOTSTRAP: kafka.bootstrap, MAX_POLL_RECORDS: '1' };
  const shipments = await startJava(stage, 'shipping', 'KafkaReader', { ...env, READ_FROM: 'payments' });
  const charges = await spring.start(stage, 'billing', 'SpringBilling', env);
  const orders = await startJava(stage, 'shop', 'KafkaShop', env);

  const [{ url }] = await orders.said('listening');
  for (const order of ['o-8001', 'o-8002', 'o-8003']) await fetch(url, { method: 'POST', body: order });
  await charges.said('done', 3);
  await shipments.said('done', 2);
};

/**
 * Four orders that lie in the topic before Spring Kafka's listener starts, with the container's own error handler: the second recovers at its
 * third attempt, the third never does.
 *
 * @param {{ batch?: boolean, observed?: 'records' | 'yes' }} options batch: the listener takes batches; observed: billing has no agent, Spring's
 *   own observations make its spans, with `records` also one of each record of a batch
 */
export const springBlocking =
  ({ batch = false, observed } = {}) =>
  async (stage) => {
    await buildJava();
    await spring.build();
    const kafka = stage.keep(await startKafka({ topics: { orders: 1, 'orders-dlt': 1, payments: 1 } }));
    const env = { KAFKA_BOOTSTRAP: kafka.bootstrap, MAX_POLL_RECORDS: '1' };
    const read = (name, from) => startJava(stage, name, 'KafkaReader', { ...env, READ_FROM: from });
    const shipments = await read('shipping', 'payments');
    const deadLetters = await read('dead-letters', 'orders-dlt');
    const orders = await startJava(stage, 'shop', 'KafkaShop', env);

    const [{ url }] = await orders.said('listening');
    for (const order of ['o-8001', 'o-8002', 'o-8003', 'o-8004'])
      await fetch(url, { method: 'POST', body: order });
    const start = observed === undefined ? spring.start : spring.startBare;
    const charges = await start(stage, 'billing', 'SpringBlockingBilling', {
      ...env,
      ...(batch ? { BATCH: 'yes' } : {}),
      ...(observed === undefined ? {} : { OBSERVED: observed }),
    });
    await charges.said('done', 3);
    await shipments.said('done', 3);
    await deadLetters.said('done', 1);
  };

/** Three orders through Axon's event store to a processor with a dead-letter queue, whose letters are tried again until all but one are handled. */
export async function axonDeadLetters(stage) {
  await buildJava();
  await axon.build();
  const orders = await axon.start(stage, 'orders', 'AxonOrders', {});
  const [{ url }] = await orders.said('listening');
  for (const order of ['o-8001', 'o-8002', 'o-8003']) await fetch(url, { method: 'POST', body: order });
  await orders.said('done', 2);
  await orders.said('tried', 4);
}

async function threeOrders(stage, env, { shop, billing, reader, sources }) {
  const read = (name, from) => startJava(stage, name, reader, { ...env, READ_FROM: from });
  const [emails, shipments, deadLetters] = [
    await read('email', sources.email),
    await read('shipping', sources.shipping),
    await read('dead-letters', sources.deadLetters),
  ];
  const charges = await startJava(stage, 'billing', billing, env);
  const orders = await startJava(stage, 'shop', shop, env);

  const [{ url }] = await orders.said('listening');
  for (const order of ['o-8001', 'o-8002', 'o-8003']) await fetch(url, { method: 'POST', body: order });
  await emails.said('done', 3);
  await charges.said('done', 3);
  await shipments.said('done', 2);
  await deadLetters.said('done', 1);
}
