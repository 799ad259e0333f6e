import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);

describeAdapter({
  name: 'Webhooks to Fastify',
  broker: null,
  driver,
  library: 'fastify',
  official: ['@opentelemetry/instrumentation-http'],
});

describeAdapter({ name: 'Webhooks to Express 5', broker: null, driver, library: 'express' });
