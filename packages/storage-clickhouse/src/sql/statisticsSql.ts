/**
 * Rows and bytes of what is live: merged-away parts wait on disk for some minutes and do not count. `oldest` is the first day under which rows lie, as
 * the number YYYYMMDD, which is what a partition of a Date is called; 0 where rows lie under no days.
 */
export const STATISTICS_SQL =
  'SELECT table, sum(rows) AS row_count, sum(bytes_on_disk) AS byte_count, toUInt64(minIf(toUInt64OrZero(partition_id), length(partition_id) = 8)) AS oldest FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table';
