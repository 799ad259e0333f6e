import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);

describeAdapter({
  name: '@platformatic/kafka 1.35',
  broker: 'kafka',
  driver,
  library: '@platformatic/kafka',
});

describeAdapter({
  name: '@platformatic/kafka 1.20',
  broker: 'kafka',
  driver,
  library: 'platformatic-kafka-1.20',
});
