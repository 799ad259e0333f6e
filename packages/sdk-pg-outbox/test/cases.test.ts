import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

describeAdapter({
  name: 'PostgreSQL outbox',
  broker: 'postgres',
  driver: new URL('./driver.mjs', import.meta.url),
  library: 'pg',
  official: ['@opentelemetry/instrumentation-pg'],
});
