/**
 * `fulfilment`: takes `orders` by the batch. For each message it picks the goods and publishes to `shipments` with the
 * message's key. One order fails the first time, which fails the batch: Kafka gives all of it again, and the
 * orders before the failing one are published twice.
 *
 * The script says when to take a batch, so that a batch is the four orders that wait.
 */
import { trace } from '@opentelemetry/api';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectKafka, consume } from '../kafka-client.mjs';

const FAILS_ONCE = 'o-3007';

const tracer = trace.getTracer('fulfilment');
const kafka = connectKafka('fulfilment');
const producer = kafka.producer();
await producer.connect();

let hasFailed = false;
let consumer;

async function takeBatch() {
  consumer ??= await consume(kafka, {
    groupId: 'fulfilment',
    topic: 'orders',
    retry: { initialRetryTime: 200, factor: 0, multiplier: 2, retries: 5 },
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) {
        tracer.startActiveSpan('pick-goods', { attributes: { 'order.id': key.toString() } }, (span) =>
          span.end(),
        );
        if (key.toString() === FAILS_ONCE && !hasFailed) {
          hasFailed = true;
          throw new Error(`shelf of ${key} is locked`);
        }
        await producer.send({ topic: 'shipments', messages: [{ key, value }] });
      }
      consumer.pause([{ topic: 'orders' }]);
      say('batch', { messages: batch.messages.length });
    },
  });
  consumer.resume([{ topic: 'orders' }]);
}

await serve({
  commands: { 'take-batch': takeBatch },
  close: () => Promise.all([consumer.disconnect(), producer.disconnect()]),
});
