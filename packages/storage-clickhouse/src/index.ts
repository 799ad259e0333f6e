export { isServerUrl } from './engine/server/ServerLocation.js';
export { type ChdbStoreOptions, openChdbStore } from './openChdbStore.js';
export { openServerStore, type ServerStoreOptions } from './openServerStore.js';
