import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);

describeAdapter({
  name: 'amqplib 2',
  broker: 'rabbitmq',
  driver,
  library: 'amqplib',
  official: ['@opentelemetry/instrumentation-amqplib'],
});

describeAdapter({
  name: 'amqplib 1',
  broker: 'rabbitmq',
  driver,
  library: 'amqplib-1',
  only: ['single hop', 'fail, fail, succeed', 'dead letter', 'batch'],
});

describeAdapter({ name: 'amqplib 0.10', broker: 'rabbitmq', driver, library: 'amqplib-0.10' });
