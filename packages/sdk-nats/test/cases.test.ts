import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);

describeAdapter({ name: '@nats-io/jetstream 3', broker: 'nats', driver, library: '@nats-io/jetstream' });

describeAdapter({ name: 'nats 2', broker: 'nats', driver, library: 'nats' });

describeAdapter({
  name: 'nats 2.20',
  broker: 'nats',
  driver,
  library: 'nats-2.20',
  only: ['single hop', 'fail, fail, succeed', 'dead letter', 'batch', 'headers lost on the way'],
});
