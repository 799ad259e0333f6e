import { type InsertTarget, insertTarget } from './InsertTarget.js';

/**
 * The table of spans, as of the present schema version. The reasons are in docs/decisions/012-storage-schema.md.
 * `TABLE_SETTINGS` are those of every table: what was acknowledged survives a power cut.
 */
export const TABLE_SETTINGS = [
  'fsync_after_insert = 1',
  'fsync_part_directory = 1',
  'min_bytes_for_wide_part = 134217728',
  'min_parts_to_merge_at_once = 16',
  'merge_selector_base = 12',
  'merge_selector_window_size = 100',
].join(', ');

/** Ten seconds of nanoseconds: how far apart the spans of one trace may start and still lie together. */
export const BUCKET_NANOS = 10_000_000_000;

/** `vocabulary`: the version of the attribute table under which a row's keys were made. Rows of before it was noted have that of the first, 1. */
export const SPANS_TABLE = `CREATE TABLE IF NOT EXISTS spans (
  day Date CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(NONE),
  parent_span_id FixedString(8) CODEC(ZSTD(1)),
  start UInt64 CODEC(Delta, ZSTD(1)),
  duration Int64 CODEC(T64, ZSTD(1)),
  kind UInt8 CODEC(ZSTD(1)),
  status UInt8 CODEC(ZSTD(1)),
  entry UInt8 CODEC(ZSTD(1)),
  name LowCardinality(String) CODEC(ZSTD(1)),
  service LowCardinality(String) CODEC(ZSTD(1)),
  source LowCardinality(String) CODEC(ZSTD(1)),
  tail String CODEC(ZSTD(1)),
  keys Array(UInt64) CODEC(ZSTD(1)),
  received UInt64 CODEC(Delta, ZSTD(1)),
  vocabulary UInt16 DEFAULT 1 CODEC(ZSTD(1)),
  INDEX by_trace trace_id TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_span span_id TYPE bloom_filter(0.005) GRANULARITY 1,
  INDEX by_key keys TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_received received TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY day
PRIMARY KEY intDiv(start, ${BUCKET_NANOS})
ORDER BY (intDiv(start, ${BUCKET_NANOS}), trace_id, start)
SETTINGS ${TABLE_SETTINGS}`;

/** Read back, in this order. */
export const SPAN_COLUMNS =
  'trace_id, span_id, parent_span_id, start, duration, kind, status, entry, name, service, source, tail, keys';

export const SPANS_INSERT: InsertTarget = insertTarget('spans', [
  ['day', 'Date'],
  ['trace_id', 'FixedString(16)'],
  ['span_id', 'FixedString(8)'],
  ['parent_span_id', 'FixedString(8)'],
  ['start', 'UInt64'],
  ['duration', 'Int64'],
  ['kind', 'UInt8'],
  ['status', 'UInt8'],
  ['entry', 'UInt8'],
  ['name', 'LowCardinality(String)'],
  ['service', 'LowCardinality(String)'],
  ['source', 'LowCardinality(String)'],
  ['tail', 'String'],
  ['keys', 'Array(UInt64)'],
  ['received', 'UInt64'],
  ['vocabulary', 'UInt16'],
]);
