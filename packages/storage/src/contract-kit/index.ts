export { describeStore, type StoreUnderTest } from './describeStore.js';
export { type KitRollUp, placeId, rollUp } from './rollUp.js';
export { type KitKey, type KitSpan, spanBatch } from './spanBatch.js';
export { type SpanRowText, spanRows } from './spanRows.js';
export { type KitRecord, storedRecord } from './storedRecord.js';
