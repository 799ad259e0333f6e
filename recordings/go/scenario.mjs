import { startKafka } from '../brokers/kafka.mjs';
import { buildGo, startGo } from './start-go.mjs';

/**
 * Three orders through Kafka with a Go client: a good one, one that recovers, one that fails for good. See README.md of
 * the recordings for the timeline.
 *
 * @param {'kotel' | 'otelsarama'} program the folder of go/ with the service
 * @param {Record<string, string>} settings of the service, as environment variables
 */
export const goKafka =
  (program, settings = {}) =>
  async (stage) => {
    await buildGo(program);
    const kafka = stage.keep(await startKafka({ topics: { orders: 2, payments: 1, 'orders.dlq': 1 } }));
    const env = { ...settings, KAFKA_BOOTSTRAP: kafka.bootstrap };
    const email = await startGo(stage, 'email', program, 'orders', env);
    const shipping = await startGo(stage, 'shipping', program, 'payments', env);
    const deadLetters = await startGo(stage, 'dead-letters', program, 'orders.dlq', env);
    const billing = await startGo(stage, 'billing', program, 'billing', env);
    const shop = await startGo(stage, 'shop', program, 'shop', env);

    for (const order of ['o-9001', 'o-9002', 'o-9003']) shop.tell({ command: 'order', order });
    await email.said('done', 3);
    await billing.said('done', 3);
    await shipping.said('done', 2);
    await deadLetters.said('done', 1);
  };

/** The same through Google's fake of Pub/Sub. */
export async function goPubSub(stage) {
  await buildGo('pubsub');
  const emulator = await startGo(stage, 'emulator', 'pubsub', 'emulator', {});
  const [{ order: host }] = await emulator.said('listening');
  const env = { PUBSUB_EMULATOR_HOST: host };
  const email = await startGo(stage, 'email', 'pubsub', 'email-sub', env);
  const shipping = await startGo(stage, 'shipping', 'pubsub', 'shipping-sub', env);
  const deadLetters = await startGo(stage, 'dead-letters', 'pubsub', 'orders-dead-letter-sub', env);
  const billing = await startGo(stage, 'billing', 'pubsub', 'billing', env);
  const shop = await startGo(stage, 'shop', 'pubsub', 'shop', env);

  for (const order of ['o-9001', 'o-9002', 'o-9003']) shop.tell({ command: 'order', order });
  await email.said('done', 3);
  await billing.said('done', 3);
  await shipping.said('done', 2);
  await deadLetters.said('done', 1);
}
