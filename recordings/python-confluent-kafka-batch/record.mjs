import { record } from '../harness/record.mjs';
import { confluentBatch } from '../python/kafka_orders/scenario.mjs';

await record(new URL('./', import.meta.url), confluentBatch);
