export { compareEntries } from './rows/entryOrder.js';
export { gatherSpans, type SpanRow, startOf } from './rows/gatherSpans.js';
export { keysOfRecordLookup, keysOfSpanLookup } from './rows/lookupKeys.js';
export { newestRecords } from './rows/newestRecords.js';
export { newestRows, newestSpans, startOfRow } from './rows/newestSpans.js';
export { STORAGE_ERRORS, StorageError, type StorageErrorCode } from './StorageError.js';
export type { EntryQuery, Store, StoreStatistics, WriteBatch } from './Store.js';
export { CONTINUING_ENTRIES } from './Store.js';
