import { record } from '../harness/record.mjs';
import { sqsOrders } from '../scenarios/sqs-orders/scenario.mjs';

await record(new URL('./', import.meta.url), sqsOrders);
