/** A service that only takes note of one queue (READ_QUEUE). */
import { say, serve } from '../../harness/service-protocol.mjs';
import { consume } from './aws-clients.mjs';

const consumer = consume(process.env.READ_QUEUE, async ({ orderId }) => say('done', { orderId }));

await serve({ close: () => consumer.close() });
