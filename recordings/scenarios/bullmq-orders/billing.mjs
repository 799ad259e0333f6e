/** `billing`: works on queue `orders`; a charged order becomes a job `ship` on queue `shipping`. */
import { Queue, Worker } from 'bullmq';
import { say, serve } from '../../harness/service-protocol.mjs';
import { retrying, shared } from './queues.mjs';

const failuresOf = { 'o-5002': 2, 'o-5003': Number.POSITIVE_INFINITY };

const shipping = new Queue('shipping', shared());
const worker = new Worker(
  'orders',
  async (job) => {
    const { orderId } = job.data;
    if (job.attemptsMade < (failuresOf[orderId] ?? 0)) {
      throw new Error(orderId === 'o-5003' ? 'card number is invalid' : 'card gateway timeout');
    }
    await shipping.add('ship', { orderId }, retrying);
    return { charged: orderId };
  },
  { ...shared(), name: 'billing-worker' },
);
worker.on('completed', (job) => say('done', { job: job.id }));
worker.on('failed', (job) => {
  if (job.attemptsMade === job.opts.attempts) say('done', { job: job.id });
});
await Promise.all([worker.waitUntilReady(), shipping.waitUntilReady()]);

await serve({ close: () => Promise.all([worker.close(), shipping.close()]) });
