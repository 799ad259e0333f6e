import type { Transport } from '@upshot/sdk';

/** Kafka takes any number of headers, as bytes; CloudEvents' binding prefixes its attributes with `ce_`. */
export const KAFKA: Transport = {
  system: 'kafka',
  cloudEvents: 'ce_',
  instrumentations: ['@opentelemetry/instrumentation-kafkajs'],
};
