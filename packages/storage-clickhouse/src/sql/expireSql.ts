import { dayLiteral, stringLiteral } from './literals.js';

/** The tables whose rows lie under days. */
const TABLES: readonly string[] = ['spans', 'records', 'logs', 'roll_ups', 'tallies'];

/** Partitions of days before this one. `partition_id` of a Date is `YYYYMMDD`. */
export function expiredPartitionsSql(day: number): string {
  return `SELECT DISTINCT table, partition_id FROM system.parts WHERE active AND database = currentDatabase() AND table IN (${TABLES.map(stringLiteral).join(', ')}) AND partition_id < formatDateTime(${dayLiteral(day)}, '%Y%m%d') ORDER BY table, partition_id`;
}

export function dropPartitionSql(table: string, partitionId: string): string {
  if (!TABLES.includes(table)) throw new TypeError(`not a table of days: ${JSON.stringify(table)}`);
  return `ALTER TABLE ${table} DROP PARTITION ID ${stringLiteral(partitionId)}`;
}
