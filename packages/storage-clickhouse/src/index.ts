export { type ChdbStoreOptions, openChdbStore } from './openChdbStore.js';
