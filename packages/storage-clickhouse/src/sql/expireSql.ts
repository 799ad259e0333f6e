import { dayLiteral, stringLiteral } from './literals.js';

/** Partitions of days before this one. `partition_id` of a Date is `YYYYMMDD`. */
export function expiredPartitionsSql(day: number): string {
  return `SELECT DISTINCT table, partition_id FROM system.parts WHERE active AND database = currentDatabase() AND table IN ('spans', 'records') AND partition_id < formatDateTime(${dayLiteral(day)}, '%Y%m%d') ORDER BY table, partition_id`;
}

export function dropPartitionSql(table: string, partitionId: string): string {
  return `ALTER TABLE ${table === 'records' ? 'records' : 'spans'} DROP PARTITION ID ${stringLiteral(partitionId)}`;
}
