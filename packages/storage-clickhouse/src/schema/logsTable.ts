import type { InsertTarget } from './InsertTarget.js';
import { BUCKET_NANOS, SPANS_INSERT, TABLE_SETTINGS } from './spansTable.js';

/**
 * Log records: the columns of spans, which serve both (see `LogBatch` of the model), in an order of their own. `kind` tells lines from exceptions.
 */
export const LOGS_TABLE = `CREATE TABLE IF NOT EXISTS logs (
  day Date CODEC(ZSTD(1)),
  trace_id FixedString(16) CODEC(ZSTD(1)),
  span_id FixedString(8) CODEC(ZSTD(1)),
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

export const LOGS_INSERT: InsertTarget = { ...SPANS_INSERT, table: 'logs' };
