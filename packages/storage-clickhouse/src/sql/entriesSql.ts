import type { EntryQuery } from '@upshot/storage';
import { BUCKET_NANOS } from '../schema/spansTable.js';
import { countLiteral, hexLiteral, uint64Literal } from './literals.js';

/** Spans with this mark, newest first: read in the order of the primary key, so that it stops with the bucket that fills the limit. */
export function entrySpansSql(query: EntryQuery, mark: 1 | 2): string {
  return `SELECT start, trace_id, span_id FROM spans WHERE entry = ${mark}${range('start', query)} ORDER BY intDiv(start, ${BUCKET_NANOS}) DESC, start DESC, trace_id, span_id LIMIT ${countLiteral(query.limit)}`;
}

/** Which of these traces hold a span marked 1. */
export function rootedTracesSql(traceIds: readonly string[]): string {
  const ids = traceIds.map((id) => hexLiteral(id, 16)).join(', ');
  return `SELECT DISTINCT trace_id FROM spans WHERE trace_id IN (${ids}) AND entry = 1`;
}

/** Records, newest first. */
export function entryRecordsSql(query: EntryQuery): string {
  return `SELECT time, body FROM records WHERE 1${range('time', query)} ORDER BY time DESC, identity LIMIT ${countLiteral(query.limit)}`;
}

function range(column: string, { before, since }: EntryQuery): string {
  let sql = '';
  if (before !== undefined) sql += ` AND ${column} < ${uint64Literal(before)}`;
  if (since !== undefined) sql += ` AND ${column} >= ${uint64Literal(since)}`;
  return sql;
}
