/** The function `billing`: charges the card for each order, then sends to `payments`; answers with the messages that failed. */
const { SendMessageCommand, SQSClient } = require('@aws-sdk/client-sqs');
const { SpanStatusCode, trace } = require('@opentelemetry/api');

const sqs = new SQSClient({
  endpoint: process.env.AWS_ENDPOINT,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
});
const failuresOf = { 'o-9302': 2, 'o-9303': Number.POSITIVE_INFINITY };
const attempts = new Map();

function chargeCard(orderId) {
  const attempt = (attempts.get(orderId) ?? 0) + 1;
  attempts.set(orderId, attempt);
  return trace.getTracer('billing').startActiveSpan('charge-card', (span) => {
    try {
      if (attempt > (failuresOf[orderId] ?? 0)) return;
      throw new Error(orderId === 'o-9303' ? 'card number is invalid' : 'card gateway timeout');
    } catch (error) {
      span.recordException(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      throw error;
    } finally {
      span.end();
    }
  });
}

exports.handler = async ({ Records }) => {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    const { orderId } = JSON.parse(body);
    try {
      chargeCard(orderId);
      const QueueUrl = JSON.parse(process.env.QUEUE_URLS).payments;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ orderId }) }));
    } catch {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
