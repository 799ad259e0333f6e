/** The tables of schema version 2, as they were: no log records, and rows that say nothing of the vocabulary of their keys. */
export const VERSION_2 = [
  `CREATE TABLE schema_versions (
  version UInt32,
  applied DateTime DEFAULT now()
) ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  `CREATE TABLE spans (
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
  INDEX by_trace trace_id TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_span span_id TYPE bloom_filter(0.005) GRANULARITY 1,
  INDEX by_key keys TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_received received TYPE minmax GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY day
PRIMARY KEY intDiv(start, 10000000000)
ORDER BY (intDiv(start, 10000000000), trace_id, start)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728, min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100`,
  `CREATE TABLE records (
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728, min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100`,
  `CREATE TABLE roll_ups (
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
  INDEX by_facet facet_keys TYPE bloom_filter(0.01) GRANULARITY 1,
  INDEX by_version version TYPE minmax GRANULARITY 1
) ENGINE = ReplacingMergeTree(version)
PARTITION BY day
ORDER BY (time, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728, min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100, index_granularity = 256`,
  `CREATE TABLE tallies (
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728, min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100`,
  `CREATE TABLE documents (
  name String CODEC(ZSTD(1)),
  written UInt64 CODEC(ZSTD(1)),
  text String CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(written)
ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728, min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100`,
  'INSERT INTO schema_versions (version) VALUES (2)',
];

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');

/** 10 traces of two spans that began in 2023, and a document. */
export function fillVersion2(): string[] {
  const base = 1_700_000_000_000_000_000n;
  const spans = Array.from({ length: 20 }, (_, n) => {
    const trace = n >> 1;
    const start = base + BigInt(n);
    return `(toDate(19675), unhex('${hex(trace, 32)}'), unhex('${hex(n + 1, 16)}'), unhex('${hex(0, 16)}'), ${start}, 5, 2, 0, 1, 'span', 'service', '', 'tail', [${n}], ${start})`;
  });
  return [`INSERT INTO spans VALUES ${spans.join(', ')}`, "INSERT INTO documents VALUES ('a', 1, 'text')"];
}
