import { type InsertTarget, insertTarget } from './InsertTarget.js';
import { TABLE_SETTINGS } from './spansTable.js';

/** What stands in `changes_at` where only what arrives can change the state. */
export const NEVER = (1n << 64n) - 1n;

/** What stands in `texts` and `attributes` where they are not known: in all rows of before they were noted. No text and no hash is this. */
export const UNKNOWN = { texts: '\0\0\0\0', attributes: 0 };

/**
 * Notes of workflows, a row for each version that was written: merging leaves out versions that were replaced, and reads never rely on it. All versions of
 * one place have one time and so one place in the order. Rows are a kilobyte or so and are read a few at a time: hence small granules.
 * Lessons are longer, much alike, and read by the minute: in blocks of a megabyte they take a fraction.
 *
 * `texts` and `attributes` are what lists look for. The filter over texts has one bit for each four characters in a row, 4 KB a granule: where each workflow has four random IDs of 36 characters
 * two thirds of the bits are set, and a dozen characters rule out 97 of 100 granules. A filter of 8 KB took 16 B a note more. That over attributes lets 5 of 100 granules through: at 1 it took 13 B more.
 * The marks for what is not known are as long as the filters want a text, or an item, so that they know them.
 */
export const ROLL_UPS_TABLE = `CREATE TABLE IF NOT EXISTS roll_ups (
  day Date CODEC(ZSTD(1)),
  time UInt64 CODEC(Delta, ZSTD(1)),
  id FixedString(8) CODEC(NONE),
  version UInt64 CODEC(Delta, ZSTD(1)),
  gone UInt8 CODEC(ZSTD(1)),
  key String CODEC(ZSTD(1)),
  status LowCardinality(String) CODEC(ZSTD(1)),
  changes_at UInt64 CODEC(ZSTD(1)),
  facets String CODEC(ZSTD(1)),
  facet_keys Array(UInt64) CODEC(ZSTD(1)),
  content String CODEC(ZSTD(1)),
  lesson String CODEC(ZSTD(3)) SETTINGS (min_compress_block_size = 1048576, max_compress_block_size = 4194304),
  texts String DEFAULT '\\0\\0\\0\\0' CODEC(ZSTD(1)),
  attributes Array(UInt32) DEFAULT [0] CODEC(ZSTD(1)),
  INDEX by_facet facet_keys TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_version version TYPE minmax GRANULARITY 1,
  INDEX by_text texts TYPE ngrambf_v1(4, 4096, 1, 0) GRANULARITY 1,
  INDEX by_attribute attributes TYPE bloom_filter(0.05) GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
PARTITION BY day
ORDER BY (time, id)
SETTINGS ${TABLE_SETTINGS}, index_granularity = 256`;

/** Read back. `content` is the line of the list. */
export const ROLL_UP_COLUMNS = 'time, id, version, gone, key, status, changes_at, facets, content, lesson';

export const ROLL_UPS_INSERT: InsertTarget = insertTarget('roll_ups', [
  ['day', 'Date'],
  ['time', 'UInt64'],
  ['id', 'FixedString(8)'],
  ['version', 'UInt64'],
  ['gone', 'UInt8'],
  ['key', 'String'],
  ['status', 'String'],
  ['changes_at', 'UInt64'],
  ['facets', 'String'],
  ['facet_keys', 'Array(UInt64)'],
  ['content', 'String'],
  ['lesson', 'String'],
  ['texts', 'String'],
  ['attributes', 'Array(UInt32)'],
]);
