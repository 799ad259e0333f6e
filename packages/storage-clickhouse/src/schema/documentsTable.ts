import { type InsertTarget, insertTarget } from './InsertTarget.js';
import { TABLE_SETTINGS } from './spansTable.js';

/** Small texts under a name. The one `written` last counts, whatever has been merged. */
export const DOCUMENTS_TABLE = `CREATE TABLE IF NOT EXISTS documents (
  name String CODEC(ZSTD(1)),
  written UInt64 CODEC(ZSTD(1)),
  text String CODEC(ZSTD(1))
) ENGINE = ReplacingMergeTree(written)
ORDER BY name
SETTINGS ${TABLE_SETTINGS}`;

export const DOCUMENTS_INSERT: InsertTarget = insertTarget('documents', [
  ['name', 'String'],
  ['written', 'UInt64'],
  ['text', 'String'],
]);
