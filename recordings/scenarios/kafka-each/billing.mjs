/**
 * `billing`: charges the card for each of `orders`, then publishes to `payments`. A failure is thrown, so that
 * kafkajs tries the message again in place; the third failure gives up: the message goes to `orders.dlq` and its
 * offset is committed as if it were done.
 */
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { say, serve } from '../../harness/service-protocol.mjs';
import { connectKafka, consume } from '../kafka-client.mjs';

const GIVE_UP_AT = 3;
const failuresOf = { 'o-1002': 2, 'o-1003': Number.POSITIVE_INFINITY };

const tracer = trace.getTracer('billing');
const kafka = connectKafka('billing');
const producer = kafka.producer();
await producer.connect();

const attempts = new Map();

function chargeCard(orderId, attempt) {
  return tracer.startActiveSpan('charge-card', (span) => {
    try {
      if (attempt <= (failuresOf[orderId] ?? 0)) {
        throw new Error(orderId === 'o-1003' ? 'card number is invalid' : 'card gateway timeout');
      }
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

const consumer = await consume(kafka, {
  groupId: 'billing',
  topic: 'orders',
  retry: { initialRetryTime: 150, factor: 0, multiplier: 2, retries: 5 },
  eachMessage: async ({ message }) => {
    const key = message.key.toString();
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    try {
      chargeCard(key, attempt);
    } catch (error) {
      if (attempt < GIVE_UP_AT) throw error;
      await producer.send({
        topic: 'orders.dlq',
        messages: [{ key, value: message.value, headers: { 'x-error': error.message } }],
      });
      say('done', { key });
      return;
    }
    attempts.delete(key);
    await producer.send({ topic: 'payments', messages: [{ key, value: message.value }] });
    say('done', { key });
  },
});

await serve({ close: () => Promise.all([consumer.disconnect(), producer.disconnect()]) });
