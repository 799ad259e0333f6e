import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);
const unable = {
  'headers lost on the way': 'without its headers a request says nothing of the event',
} as const;

describeAdapter({
  name: 'Webhooks to Fastify',
  broker: null,
  driver,
  library: 'fastify',
  official: ['@opentelemetry/instrumentation-http'],
  unable,
});

describeAdapter({ name: 'Webhooks to Express 5', broker: null, driver, library: 'express', unable });
