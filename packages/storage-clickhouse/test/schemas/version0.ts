/** The tables of schema version 0, as they were: no `entry`, no index of span IDs. */
export const VERSION_0 = [
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
  name LowCardinality(String) CODEC(ZSTD(1)),
  service LowCardinality(String) CODEC(ZSTD(1)),
  source LowCardinality(String) CODEC(ZSTD(1)),
  tail String CODEC(ZSTD(1)),
  keys Array(UInt64) CODEC(ZSTD(1)),
  INDEX by_trace trace_id TYPE bloom_filter(0.0001) GRANULARITY 1,
  INDEX by_key keys TYPE bloom_filter(0.0001) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY day
PRIMARY KEY intDiv(start, 10000000000)
ORDER BY (intDiv(start, 10000000000), trace_id, start)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
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
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  'INSERT INTO schema_versions (version) VALUES (0)',
];

const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');

/** 300 spans on 3 days in 100 traces: of each trace a server span, a child of it, and a consumer; and one record a trace. */
export function fillVersion0(): string[] {
  const base = 1_700_000_000_000_000_000n;
  const statements: string[] = [];
  for (let day = 0; day < 3; day++) {
    const spans: string[] = [];
    const records: string[] = [];
    for (let trace = day; trace < 100; trace += 3) {
      const start = base + BigInt(day) * 86_400_000_000_000n + BigInt(trace) * 1_000_000_000n;
      for (const [n, kind, parent] of [
        [0, 2, 0],
        [1, 1, trace * 3 + 1],
        [2, 5, trace * 3 + 1],
      ] as const) {
        const ids = `unhex('${hex(trace, 32)}'), unhex('${hex(trace * 3 + 1 + n, 16)}'), unhex('${hex(parent, 16)}')`;
        spans.push(
          `(toDate(${19_675 + day}), ${ids}, ${start + BigInt(n)}, 5, ${kind}, 0, 'span ${n}', 'service', '', 'tail', [${trace}])`,
        );
      }
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
      records.push(`(toDate(${19_675 + day}), ${start}, unhex('${hex(trace, 32)}'), [${trace}], '${body}')`);
    }
    statements.push(
      `INSERT INTO spans VALUES ${spans.join(', ')}`,
      `INSERT INTO records VALUES ${records.join(', ')}`,
    );
  }
  return statements;
}
