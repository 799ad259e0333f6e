export type { PoolClientLike, PoolLike, Queryable } from './clients.js';
export { Outbox, type OutboxOptions } from './Outbox.js';
export type { OutboxMessage, OutboxRow } from './OutboxRow.js';
export { type RowThatWaits, type RowToWrite, relayRow, writeRow } from './ownTable.js';
export type { Relay } from './Relay.js';
export type { BatchRelayOptions, RelayOptions } from './RelayOptions.js';
