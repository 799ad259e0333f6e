import { SPAN_COLUMNS } from '../schema/spansTable.js';
import { countLiteral, uint64Literal } from './literals.js';

/** Tables whose rows have keys by the vocabulary. Those of records come from fields that never change. */
export const REINDEXED = ['spans', 'logs'] as const;
type Table = (typeof REINDEXED)[number];

export function outdatedCountSql(table: Table, version: number): string {
  return `SELECT count() AS row_count FROM ${table} WHERE ${older(version)}`;
}

/** Rows with older keys that came up to `until`, the first to have come first; of one write all or none. */
export function outdatedSql(
  table: Table,
  version: number,
  { until, limit }: { readonly until: bigint; readonly limit: number },
): string {
  return `SELECT ${SPAN_COLUMNS}, received FROM ${table} WHERE ${older(version)} AND received <= ${uint64Literal(until)} ORDER BY received LIMIT ${countLiteral(limit)} WITH TIES`;
}

/** Deletes those that came up to `until`. */
export function deleteOutdatedSql(table: Table, version: number, until: bigint): string {
  return `DELETE FROM ${table} WHERE ${older(version)} AND received <= ${uint64Literal(until)}`;
}

function older(version: number): string {
  return `vocabulary < ${countLiteral(version)}`;
}
