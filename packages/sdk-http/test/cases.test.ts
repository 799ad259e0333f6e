import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);
const unable = {
  'headers lost on the way': 'without its headers a request says nothing of the event',
} as const;

const some = ['single hop', 'fail, fail, succeed', 'dead letter', 'foreign header'] as const;

describeAdapter({
  name: 'Webhooks to Fastify 5',
  broker: null,
  driver,
  library: 'fastify',
  official: ['@opentelemetry/instrumentation-http', '@fastify/otel'],
  unable,
});

describeAdapter({ name: 'Webhooks to Fastify 4', broker: null, driver, library: 'fastify-4', only: some });

describeAdapter({
  name: 'Webhooks to Express 5',
  broker: null,
  driver,
  library: 'express',
  official: ['@opentelemetry/instrumentation-http', '@opentelemetry/instrumentation-express'],
  unable,
});

describeAdapter({ name: 'Webhooks to Express 4', broker: null, driver, library: 'express-4', only: some });
