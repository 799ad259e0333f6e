import { BUCKET_NANOS } from '../schema/spansTable.js';
import { countLiteral, hexLiteral, uint64Literal } from './literals.js';

const UINT64_END = 1n << 64n;

/** Times from `since`, inclusive, to `before`, exclusive, and how many rows. */
interface Window {
  readonly since: bigint;
  readonly before: bigint;
  readonly limit: number;
}

/** The last bucket that holds spans. ClickHouse answers this from what it knows of each part, without reading any. */
export const NEWEST_BUCKET_SQL = `SELECT max(intDiv(start, ${BUCKET_NANOS})) AS bucket, count() AS total FROM spans`;

/** Spans with this mark, newest first: read in the order of the primary key, so that it stops with the bucket that fills the limit. */
export function entrySpansSql(window: Window, mark: 1 | 2): string {
  return `SELECT start, trace_id, span_id FROM spans WHERE entry = ${mark}${range('start', window)} ORDER BY intDiv(start, ${BUCKET_NANOS}) DESC, start DESC, trace_id, span_id LIMIT ${countLiteral(window.limit)}`;
}

/** Which of these traces hold a span marked 1 that started at or after `since`. */
export function rootedTracesSql(traceIds: readonly string[], since: bigint): string {
  const ids = traceIds.map((id) => hexLiteral(id, 16)).join(', ');
  const near = range('start', { since, before: UINT64_END });
  return `SELECT DISTINCT trace_id FROM spans WHERE trace_id IN (${ids}) AND entry = 1${near}`;
}

/** Records, newest first. */
export function entryRecordsSql(window: Window): string {
  return `SELECT time, body FROM records WHERE 1${range('time', window)} ORDER BY time DESC, identity LIMIT ${countLiteral(window.limit)}`;
}

function range(column: string, { before, since }: Omit<Window, 'limit'>): string {
  let sql = '';
  if (before < UINT64_END) sql += ` AND ${column} < ${uint64Literal(before)}`;
  if (since > 0n) sql += ` AND ${column} >= ${uint64Literal(since)}`;
  return sql;
}
