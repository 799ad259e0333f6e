/** `shipping`: works on queue `shipping`. */
import { Worker } from 'bullmq';
import { say, serve } from '../../harness/service-protocol.mjs';
import { shared } from './queues.mjs';

const worker = new Worker('shipping', async (job) => ({ shipped: job.data.orderId }), {
  ...shared(),
  name: 'shipping-worker',
});
worker.on('completed', (job) => say('done', { job: job.id }));
await worker.waitUntilReady();

await serve({ close: () => worker.close() });
