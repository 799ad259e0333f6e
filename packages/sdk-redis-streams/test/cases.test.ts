import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);
const adapter = { broker: 'redis', driver } as const;

describeAdapter({
  ...adapter,
  name: 'ioredis 6',
  library: 'ioredis',
  official: ['@opentelemetry/instrumentation-ioredis'],
});
describeAdapter({ ...adapter, name: 'ioredis 5', library: 'ioredis-5' });
describeAdapter({
  ...adapter,
  name: 'redis 6',
  library: 'redis',
  official: ['@opentelemetry/instrumentation-redis'],
});
describeAdapter({ ...adapter, name: 'redis 5', library: 'redis-5' });
describeAdapter({ ...adapter, name: 'redis 4', library: 'redis-4' });
