import { record } from '../harness/record.mjs';
import { bullmqOrders } from '../scenarios/bullmq-orders/scenario.mjs';

await record(new URL('./', import.meta.url), bullmqOrders);
