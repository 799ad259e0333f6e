import type { Transport } from '@upshot/sdk';

/** NATS takes headers of any number, several values each; CloudEvents' binding prefixes its attributes with `ce-`. No official instrumentation knows it. */
export const NATS: Transport = { system: 'nats', cloudEvents: 'ce-' };
