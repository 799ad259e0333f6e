import { type InsertTarget, insertTarget } from './InsertTarget.js';
import { TABLE_SETTINGS } from './spansTable.js';

/** The table of event records. They are few beside spans and are listed by time alone, so time is the order. */
export const RECORDS_TABLE = `CREATE TABLE IF NOT EXISTS records (
  day Date CODEC(ZSTD(1)),
  time UInt64 CODEC(Delta, ZSTD(1)),
  identity FixedString(16) CODEC(NONE),
  keys Array(UInt64) CODEC(ZSTD(1)),
  body String CODEC(ZSTD(1)),
  received UInt64 CODEC(Delta, ZSTD(1)),
  INDEX by_key keys TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_received received TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY day
ORDER BY (time, identity)
SETTINGS ${TABLE_SETTINGS}`;

export const RECORD_COLUMNS = 'time, identity, keys, body';

export const RECORDS_INSERT: InsertTarget = insertTarget('records', [
  ['day', 'Date'],
  ['time', 'UInt64'],
  ['identity', 'FixedString(16)'],
  ['keys', 'Array(UInt64)'],
  ['body', 'String'],
  ['received', 'UInt64'],
]);
