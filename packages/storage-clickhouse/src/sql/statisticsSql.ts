/** Rows and bytes of what is live: merged-away parts wait on disk for some minutes and do not count. */
export const STATISTICS_SQL =
  'SELECT table, sum(rows) AS row_count, sum(bytes_on_disk) AS byte_count FROM system.parts WHERE active AND database = currentDatabase() GROUP BY table';
