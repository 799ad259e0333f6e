import { fileURLToPath } from 'node:url';
import { startSqs } from '../../brokers/fauxqs.mjs';
import { feedFunction } from './event-source.mjs';

const here = (file) => new URL(file, import.meta.url);

const queues = { 'orders-dlq': {}, orders: { deadLetters: 'orders-dlq' }, payments: {} };

/** Four orders in one batch of a Lambda function, which says which of them failed. See aws-lambda-sqs/README.md. */
export async function sqsFunction(stage) {
  const aws = stage.keep(await startSqs({ topic: 'unused', queues }));
  const env = {
    AWS_ENDPOINT: aws.endpoint,
    QUEUE_URLS: JSON.stringify(
      Object.fromEntries(Object.keys(queues).map((name) => [name, aws.urlOf(name)])),
    ),
    RECORD_INSTRUMENTATIONS: 'http-in,aws-sdk',
  };
  const reader = (name, queue) =>
    stage.node(name, new URL('../sqs-orders/reader.mjs', import.meta.url), { ...env, READ_QUEUE: queue });
  const shipping = await reader('shipping', 'payments');
  const support = await reader('support', 'orders-dlq');
  const billing = await stage.node('billing', here('runtime.mjs'), {
    ...env,
    RECORD_INSTRUMENTATIONS: 'aws-lambda,aws-sdk',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LAMBDA_TASK_ROOT: fileURLToPath(here('./')),
    _HANDLER: 'billing-handler.handler',
  });
  const shop = await stage.node('shop', here('shop.mjs'), env);

  const [{ url }] = await shop.said('listening');
  for (const orderId of ['o-9301', 'o-9302', 'o-9303', 'o-9304'])
    await fetch(url, { method: 'POST', body: orderId });
  await feedFunction({
    endpoint: aws.endpoint,
    queueUrl: aws.urlOf('orders'),
    queueArn: 'arn:aws:sqs:eu-west-1:000000000000:orders',
    billing,
    until: (deleted) => deleted === 3,
  });
  await shipping.said('done', 3);
  await support.said('done', 1);
}
