import { DOCUMENTS_TABLE } from './documentsTable.js';
import { LOGS_TABLE } from './logsTable.js';
import { RECORDS_TABLE } from './recordsTable.js';
import { ROLL_UPS_TABLE } from './rollUpsTable.js';
import { SPANS_TABLE } from './spansTable.js';
import { TALLIES_TABLE } from './talliesTable.js';

/** The version of the schema that this Upshot writes. */
export const SCHEMA_VERSION = 4;

/** Where a database says what version it has. */
export const VERSION_TABLE = `CREATE TABLE IF NOT EXISTS schema_versions (
  version UInt32,
  applied DateTime DEFAULT now()
) ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** What a new database is made of. */
export const TABLES = [
  SPANS_TABLE,
  RECORDS_TABLE,
  LOGS_TABLE,
  ROLL_UPS_TABLE,
  TALLIES_TABLE,
  DOCUMENTS_TABLE,
];

/**
 * Statements that lead from a version to the next one. Each MUST be harmless when run again: a crash may come between any two,
 * and the version is noted after the last. They are history: once released, none changes.
 */
export const MIGRATIONS: { readonly [fromVersion: number]: readonly string[] } = {
  // 0 → 1: spans are found by their own ID, entries are marked, and parts are merged in fewer steps. Of a span stored before, a
  // remote parent can't be told from a near one without its flags; server and consumer spans are what has one.
  0: [
    `ALTER TABLE spans ADD COLUMN IF NOT EXISTS entry UInt8 CODEC(ZSTD(1)) AFTER status`,
    `ALTER TABLE spans MODIFY COLUMN entry UInt8 DEFAULT parent_span_id = toFixedString('', 8) OR kind IN (2, 5)`,
    'ALTER TABLE spans MATERIALIZE COLUMN entry SETTINGS mutations_sync = 1',
    'ALTER TABLE spans MODIFY COLUMN entry REMOVE DEFAULT',
    'ALTER TABLE spans ADD INDEX IF NOT EXISTS by_span span_id TYPE bloom_filter(0.005) GRANULARITY 1 AFTER by_trace',
    'ALTER TABLE spans MATERIALIZE INDEX by_span SETTINGS mutations_sync = 1',
    ...['spans', 'records'].map(
      (table) => `ALTER TABLE ${table} MODIFY SETTING min_bytes_for_wide_part = 134217728,
        min_parts_to_merge_at_once = 16, merge_selector_base = 12, merge_selector_window_size = 100`,
    ),
  ],
  // 1 → 2: rows say when they came, and there are tables for what the background notes. Rows stored before say the ten seconds in which they
  // started instead, so that they too are told in pages; those that start in the future say 0 and come first. The new tables' texts stand here by their
  // names: what later versions add to them they add where it is not there.
  1: [
    ...[
      ['spans', 'start'],
      ['records', 'time'],
    ].flatMap(([table, start]) => [
      `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS received UInt64 CODEC(Delta, ZSTD(1))`,
      `ALTER TABLE ${table} MODIFY COLUMN received DEFAULT if(${start} < toUInt64(toUnixTimestamp(now())) * 1000000000, intDiv(${start}, 10000000000) * 10000000000, 0)`,
      `ALTER TABLE ${table} MATERIALIZE COLUMN received SETTINGS mutations_sync = 1`,
      `ALTER TABLE ${table} MODIFY COLUMN received REMOVE DEFAULT`,
      `ALTER TABLE ${table} ADD INDEX IF NOT EXISTS by_received received TYPE minmax GRANULARITY 1`,
      `ALTER TABLE ${table} MATERIALIZE INDEX by_received SETTINGS mutations_sync = 1`,
    ]),
    ROLL_UPS_TABLE,
    TALLIES_TABLE,
    DOCUMENTS_TABLE,
  ],
  // 2 → 3: log records, and rows that say under which version of the vocabulary their keys were made: the first, until now.
  2: [
    'ALTER TABLE spans ADD COLUMN IF NOT EXISTS vocabulary UInt16 DEFAULT 1 CODEC(ZSTD(1)) AFTER received',
    LOGS_TABLE,
  ],
  // 3 → 4: notes say by which texts and attributes they are found. Of those of before it is not known until they are made anew; their parts get the filters when they are merged.
  3: [
    `ALTER TABLE roll_ups ADD COLUMN IF NOT EXISTS texts String DEFAULT '\\0\\0\\0\\0' CODEC(ZSTD(1)) AFTER lesson`,
    'ALTER TABLE roll_ups ADD COLUMN IF NOT EXISTS attributes Array(UInt32) DEFAULT [0] CODEC(ZSTD(1)) AFTER texts',
    'ALTER TABLE roll_ups ADD INDEX IF NOT EXISTS by_text texts TYPE ngrambf_v1(4, 4096, 1, 0) GRANULARITY 1',
    'ALTER TABLE roll_ups ADD INDEX IF NOT EXISTS by_attribute attributes TYPE bloom_filter(0.05) GRANULARITY 1',
  ],
};
