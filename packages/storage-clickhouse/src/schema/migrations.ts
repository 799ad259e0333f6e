import { RECORDS_TABLE } from './recordsTable.js';
import { SPANS_TABLE } from './spansTable.js';

/** The version of the schema that this Upshot writes. */
export const SCHEMA_VERSION = 1;

/** Where a database says what version it has. */
export const VERSION_TABLE = `CREATE TABLE IF NOT EXISTS schema_versions (
  version UInt32,
  applied DateTime DEFAULT now()
) ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** What a new database is made of. */
export const TABLES = [SPANS_TABLE, RECORDS_TABLE];

/**
 * Statements that lead from a version to the next one. Each MUST be harmless when run again: a crash may come between any two,
 * and the version is noted after the last.
 */
export const MIGRATIONS: { readonly [fromVersion: number]: readonly string[] } = {};
