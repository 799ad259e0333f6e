import type { Transport } from '@upshot/sdk';

/** Kafka takes any number of headers, as bytes; CloudEvents' binding prefixes its attributes with `ce_`. No instrumentation of this client runs on Node 20. */
export const KAFKA: Transport = { system: 'kafka', cloudEvents: 'ce_' };

/** Characters of a key that are noted: it groups messages, and is not theirs to read. */
export const MOST_KEY = 256;
