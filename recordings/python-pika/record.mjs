import { record } from '../harness/record.mjs';
import { pythonRabbit } from '../python/pika_orders/scenario.mjs';

await record(
  new URL('./', import.meta.url),
  pythonRabbit({ instrumentation: 'pika', folder: 'pika_orders' }),
);
