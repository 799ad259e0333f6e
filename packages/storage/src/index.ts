export { STORAGE_ERRORS, StorageError, type StorageErrorCode } from './StorageError.js';
export type { EntryQuery, Store, StoreStatistics, WriteBatch } from './Store.js';
