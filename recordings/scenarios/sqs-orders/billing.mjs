/** `billing`: charges the card for each order, then sends to `payments`. What fails three times is moved to `billing-dlq` by SQS. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { say, serve } from '../../harness/service-protocol.mjs';
import { consume, sqs, urlOf } from './aws-clients.mjs';

const failuresOf = { 'o-9202': 2, 'o-9203': Number.POSITIVE_INFINITY };
const attempts = new Map();
const tracer = trace.getTracer('billing');

function chargeCard(orderId, attempt) {
  return tracer.startActiveSpan('charge-card', (span) => {
    try {
      if (attempt > (failuresOf[orderId] ?? 0)) return;
      throw new Error(orderId === 'o-9203' ? 'card number is invalid' : 'card gateway timeout');
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

const consumer = consume('billing', async ({ orderId }) => {
  const attempt = (attempts.get(orderId) ?? 0) + 1;
  attempts.set(orderId, attempt);
  chargeCard(orderId, attempt);
  const payment = { QueueUrl: urlOf('payments'), MessageBody: JSON.stringify({ orderId }) };
  await sqs.send(new SendMessageCommand(payment));
  say('done', { orderId });
});

await serve({ close: () => consumer.close() });
