import { LogKind } from '@upshot/model';
import { countLiteral, uint64Literal } from './literals.js';

/** Stamps behind `after` (null: all), up to `until`, inclusive. */
export interface StampRange {
  readonly after: bigint | null;
  readonly until: bigint;
}

export type ArrivalTable = 'spans' | 'records' | 'logs';

/** Traces of which spans came, by write and in order; of a write all or none. */
export function arrivedSpansSql(range: StampRange, limit: number): string {
  return `SELECT received, trace_id, count() AS row_count FROM spans WHERE ${within(range)} GROUP BY received, trace_id ORDER BY received LIMIT ${countLiteral(limit)} WITH TIES`;
}

/** Traces of which log records came that tell of exceptions, likewise. */
export function arrivedLogsSql(range: StampRange, limit: number): string {
  return `SELECT received, trace_id, count() AS row_count FROM logs WHERE ${within(range)} AND ${ARRIVING_LOG} GROUP BY received, trace_id ORDER BY received LIMIT ${countLiteral(limit)} WITH TIES`;
}

/** Records that came, likewise. */
export function arrivedRecordsSql(range: StampRange, limit: number): string {
  return `SELECT received, body FROM records WHERE ${within(range)} ORDER BY received LIMIT ${countLiteral(limit)} WITH TIES`;
}

/** The stamp of the row that is number `rows` in the order of writing, where there are so many: how far one may look without reading more. */
export function stampOfRowSql(table: ArrivalTable, range: StampRange, rows: number): string {
  return `SELECT received FROM ${table} WHERE ${within(range)}${arriving(table)} ORDER BY received LIMIT ${countLiteral(rows - 1)}, 1`;
}

/** The rows themselves, in no particular order; `oneIn`: of those traces alone of which the first byte is a multiple of it. */
export function rowsArrivedSql(table: ArrivalTable, columns: string, range: StampRange, oneIn = 1): string {
  const sample =
    oneIn === 1 ? '' : ` AND bitAnd(reinterpretAsUInt8(trace_id), ${countLiteral(oneIn - 1)}) = 0`;
  const only = table === 'logs' ? ` AND kind = ${LogKind.exception}` : '';
  return `SELECT ${columns} FROM ${table} WHERE ${within(range)}${only}${sample}`;
}

/** A row where there is any. */
export function anyArrivedSql(table: ArrivalTable, range: StampRange): string {
  return `SELECT received FROM ${table} WHERE ${within(range)}${arriving(table)} LIMIT 1`;
}

/** The last stamp in the store where it is later than this, else 0. The filter has the index rule out nearly everything. */
export function newestStampSql(after: bigint): string {
  const newest = (table: string, column: string) =>
    `SELECT max(${column}) AS newest FROM ${table} WHERE ${column} > ${uint64Literal(after)}`;
  return `SELECT max(newest) AS newest FROM (${[newest('spans', 'received'), newest('records', 'received'), newest('logs', 'received'), newest('documents', 'written')].join(' UNION ALL ')})`;
}

/** Of log records those are told that tell of an exception and name a trace. */
const ARRIVING_LOG = `kind = ${LogKind.exception} AND trace_id != toFixedString('', 16)`;

function arriving(table: ArrivalTable): string {
  return table === 'logs' ? ` AND ${ARRIVING_LOG}` : '';
}

function within({ after, until }: StampRange): string {
  const behind = after === null ? '' : ` AND received > ${uint64Literal(after)}`;
  return `received <= ${uint64Literal(until)}${behind}`;
}
