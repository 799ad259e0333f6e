import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);

describeAdapter({
  name: 'kafkajs 2',
  broker: 'kafka',
  driver,
  library: 'kafkajs',
  official: ['@opentelemetry/instrumentation-kafkajs'],
});

describeAdapter({ name: 'kafkajs 1', broker: 'kafka', driver, library: 'kafkajs-1' });
