import { record } from '../harness/record.mjs';
import { pythonKafka } from '../python/kafka_orders/scenario.mjs';

await record(
  new URL('./', import.meta.url),
  pythonKafka({ instrumentation: 'kafka-python', client: 'kafka_python' }),
);
