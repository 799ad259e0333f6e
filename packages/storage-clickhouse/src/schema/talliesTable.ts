import { type InsertTarget, insertTarget } from './InsertTarget.js';
import { TABLE_SETTINGS } from './spansTable.js';

/**
 * Tallies by minute. Of a minute only the rows of the latest (`version`, `written`) count; each write of a minute has a row without a kind as well, its
 * head, so that a minute which was emptied or lost a series says so. `written` tells apart writes of one version, and what a repeated insert wrote.
 * Counters are most of what is read: summing 2.4 M of them took 125 ms as ZSTD and 47 as this (best of 8, made-up counts).
 */
export const TALLIES_TABLE = `CREATE TABLE IF NOT EXISTS tallies (
  day Date CODEC(ZSTD(1)),
  minute UInt32 CODEC(Delta, ZSTD(1)),
  kind LowCardinality(String) CODEC(ZSTD(1)),
  series LowCardinality(String) CODEC(ZSTD(1)),
  series_key UInt64 CODEC(ZSTD(1)),
  version UInt64 CODEC(ZSTD(1)),
  written UInt64 CODEC(ZSTD(1)),
  first UInt64 CODEC(ZSTD(1)),
  last UInt64 CODEC(ZSTD(1)),
  example_count UInt8 CODEC(ZSTD(1)),
  examples String CODEC(ZSTD(1)),
  numbers Array(Int32) CODEC(LZ4),
  counts Array(UInt64) CODEC(T64, LZ4)
) ENGINE = ReplacingMergeTree(version)
PARTITION BY day
ORDER BY (kind, minute, series)
SETTINGS ${TABLE_SETTINGS}`;

export const TALLIES_INSERT: InsertTarget = insertTarget('tallies', [
  ['day', 'Date'],
  ['minute', 'UInt32'],
  ['kind', 'String'],
  ['series', 'String'],
  ['series_key', 'UInt64'],
  ['version', 'UInt64'],
  ['written', 'UInt64'],
  ['first', 'UInt64'],
  ['last', 'UInt64'],
  ['example_count', 'UInt8'],
  ['examples', 'String'],
  ['numbers', 'Array(Int32)'],
  ['counts', 'Array(UInt64)'],
]);
