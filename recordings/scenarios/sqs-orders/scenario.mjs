import { startSqs } from '../../brokers/fauxqs.mjs';

const here = (file) => new URL(file, import.meta.url);

const queues = {
  'billing-dlq': {},
  billing: { deadLetters: 'billing-dlq', subscribed: true },
  email: { subscribed: true },
  payments: {},
};

/** Three orders through SNS and SQS: a good one, one that recovers, one that SQS gives up. See aws-sdk-sqs/README.md. */
export async function sqsOrders(stage) {
  const aws = stage.keep(await startSqs({ topic: 'orders', queues }));
  const env = {
    AWS_ENDPOINT: aws.endpoint,
    TOPIC_ARN: aws.topicArn,
    QUEUE_URLS: JSON.stringify(
      Object.fromEntries(Object.keys(queues).map((name) => [name, aws.urlOf(name)])),
    ),
    RECORD_INSTRUMENTATIONS: 'http-in,aws-sdk',
  };
  const reader = (name, queue) => stage.node(name, here('reader.mjs'), { ...env, READ_QUEUE: queue });
  const email = await reader('email', 'email');
  const shipping = await reader('shipping', 'payments');
  const support = await reader('support', 'billing-dlq');
  const billing = await stage.node('billing', here('billing.mjs'), env);
  const shop = await stage.node('shop', here('shop.mjs'), env);

  const [{ url }] = await shop.said('listening');
  for (const orderId of ['o-9201', 'o-9202', 'o-9203']) await fetch(url, { method: 'POST', body: orderId });
  await email.said('done', 3);
  await billing.said('done', 2);
  await shipping.said('done', 2);
  await support.said('done', 1);
}
