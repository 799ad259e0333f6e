import type { EntryQuery } from '@upshot/storage';
import { BUCKET_NANOS } from '../schema/spansTable.js';
import { countLiteral, uint64Literal } from './literals.js';

/** Entry spans, newest first: read in the order of the primary key, so that it stops with the bucket that fills the limit. */
export function entrySpansSql(query: EntryQuery): string {
  return `SELECT start, trace_id, span_id FROM spans WHERE entry = 1${range('start', query)} ORDER BY intDiv(start, ${BUCKET_NANOS}) DESC, start DESC, trace_id, span_id LIMIT ${countLiteral(query.limit)}`;
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
