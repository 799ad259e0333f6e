import { describeAdapter } from '../../../test/brokers/describeAdapter.js';

const driver = new URL('./driver.mjs', import.meta.url);
const unable = {
  'fan-out': 'a job lies in one queue: who publishes for two consumers adds two jobs, which are two events',
} as const;

describeAdapter({
  name: 'BullMQ 6',
  broker: 'redis',
  driver,
  library: 'bullmq',
  official: ['bullmq-otel'],
  unable,
});

describeAdapter({
  name: 'BullMQ 5',
  broker: 'redis',
  driver,
  library: 'bullmq-5',
  official: ['bullmq-otel-1', '@opentelemetry/instrumentation-ioredis'],
  unable,
});

// Without a restart: BullMQ 6.7 emits the error of the closed connection where nobody can listen, and the process ends.
describeAdapter({
  name: 'BullMQ 6 over node-redis',
  broker: 'redis',
  driver,
  library: 'bullmq over redis',
  only: ['single hop', 'fail, fail, succeed', 'dead letter', 'batch', 'headers lost on the way'],
});

describeAdapter({
  name: 'BullMQ 6 over PostgreSQL',
  broker: 'postgres',
  driver,
  library: 'bullmq over pg',
  official: ['bullmq-otel', '@opentelemetry/instrumentation-pg'],
  unable,
});
