import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);
const official = ['@opentelemetry/instrumentation-aws-sdk'];

describeAdapter({
  name: 'SQS',
  broker: 'elasticmq',
  driver,
  library: '@aws-sdk/client-sqs',
  official,
  unable: { 'fan-out': 'a queue of SQS has one kind of consumer; topics of SNS have several' },
});

describeAdapter({
  name: 'SNS and SQS',
  broker: 'fauxqs',
  driver,
  library: '@aws-sdk/client-sns',
  official,
  unable: { restart: 'the broker of these tests keeps nothing' },
});
