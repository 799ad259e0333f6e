/** The tables of schema version 1, as they were: rows do not say when they came, and there are no notes. */
export const VERSION_1 = [
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
  INDEX by_trace trace_id TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_span span_id TYPE bloom_filter(0.005) GRANULARITY 1,
  INDEX by_key keys TYPE bloom_filter(0.0001) GRANULARITY 1
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
  INDEX by_key keys TYPE bloom_filter(0.0001) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY day
ORDER BY (time, identity)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_bytes_for_wide_part = 134217728, min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100`,
  'INSERT INTO schema_versions (version) VALUES (1)',
];

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');

/** 40 traces of two spans, a minute apart, that began in 2023; a span of the far future; a record for every tenth trace. */
export function fillVersion1(): string[] {
  const base = 1_700_000_000_000_000_000n;
  const startOf = (trace: number) => base + BigInt(trace) * 60_000_000_000n;
  const row = (trace: number, span: number, start: bigint) =>
    `(toDate(19675), unhex('${hex(trace, 32)}'), unhex('${hex(span, 16)}'), unhex('${hex(0, 16)}'), ${start}, 5, 2, 0, 1, 'span', 'service', '', 'tail', [])`;
  const spans: string[] = [row(99, 999, 2n ** 64n - 1n)];
  const records: string[] = [];
  for (let trace = 0; trace < 40; trace++) {
    const start = startOf(trace);
    spans.push(row(trace, trace * 2 + 1, start), row(trace, trace * 2 + 2, start + 1n));
    if (trace % 10 !== 0) continue;
    const body = JSON.stringify({
      form: 'event-record',
      eventId: `e${trace}`,
      eventName: 'order.placed',
      phase: 'published',
      traceId: '',
      spanId: null,
      parentSpanId: null,
      correlationId: null,
      causationId: null,
      producer: '',
      consumerName: null,
      step: null,
      attempt: null,
      destination: null,
      environment: '',
      startTimeUnixNano: String(start),
      endTimeUnixNano: null,
      error: null,
      createdIn: null,
      attributes: {},
    });
    records.push(`(toDate(19675), ${start}, unhex('${hex(trace, 32)}'), [${trace}], '${body}')`);
  }
  return [`INSERT INTO spans VALUES ${spans.join(', ')}`, `INSERT INTO records VALUES ${records.join(', ')}`];
}
