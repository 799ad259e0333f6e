export type { LogPlace, NoteRemoval, Removal, SpanPlace } from './Removal.js';
export { compareEntries } from './rows/entryOrder.js';
export { gatherSpans, type SpanRow, startOf } from './rows/gatherSpans.js';
export {
  keysLeftOutOfRecords,
  keysLeftOutOfSpans,
  keysOfRecordLookup,
  keysOfSpanLookup,
} from './rows/lookupKeys.js';
export { compareRollUps, isSoughtKnown, matchesRollUp } from './rows/matchesRollUp.js';
export { newestRecords } from './rows/newestRecords.js';
export { NO_ROWS, newestRows, newestSpans, startOfRow } from './rows/newestSpans.js';
export { BY_THE_CLOCK, statusAt } from './rows/statusAt.js';
export { compareTallySums, latestExamples, spanOfMinute, TALLY_EXAMPLES } from './rows/tallySums.js';
export { STORAGE_ERRORS, StorageError, type StorageErrorCode } from './StorageError.js';
export type { EntryQuery, NamedText, Reread, Store, StoreStatistics, WriteBatch } from './Store.js';
export { CONTINUING_ENTRIES } from './Store.js';
