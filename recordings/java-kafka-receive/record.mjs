import { record } from '../harness/record.mjs';
import { javaKafka } from '../java/scenario.mjs';

await record(
  new URL('./', import.meta.url),
  javaKafka({ OTEL_INSTRUMENTATION_MESSAGING_EXPERIMENTAL_RECEIVE_TELEMETRY_ENABLED: 'true' }),
);
