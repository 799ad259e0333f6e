import { BullMQOtel } from 'bullmq-otel';

/** Options that every queue and worker of the scenario shares: BullMQ's own telemetry, and the private Redis. */
export const shared = () => ({
  connection: { host: '127.0.0.1', port: Number(process.env.REDIS_PORT), maxRetriesPerRequest: null },
  telemetry: new BullMQOtel({ tracerName: process.env.OTEL_SERVICE_NAME }),
});

/** How jobs that may fail are tried again: three times in all, after 200 ms and 400 ms. */
export const retrying = { attempts: 3, backoff: { type: 'exponential', delay: 200 } };
