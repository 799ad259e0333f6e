import { StorageError, type Store } from '@upshot/storage';
import type { Got, Want } from '../Questioning.js';

/** Does what a question wants of the store. `timeoutMs`: what is left of the question's time. */
export async function perform(store: Store, want: Want, timeoutMs: number): Promise<Got> {
  switch (want.type) {
    case 'find':
      return store.find(want.lookup, { timeoutMs });
    case 'entries':
      return store.entries(want.query);
    case 'arrivals':
      return store.arrivals(want.after, want.limit);
    case 'arrived':
      return store.arrived(want.after, want.until, want.oneIn);
    case 'clear':
      await store.clearRollUps();
      return null;
    case 'rollUps':
      return store.rollUps(want.query);
    case 'counts':
      return store.countRollUps(want.query);
    case 'tallies':
      return store.tallies(want.query).catch((error: unknown) => {
        if (want.orNone && error instanceof StorageError && error.retryable) return [];
        throw error;
      });
    case 'document':
      return store.document(want.name);
    case 'note':
      if (want.rollUps.length > 0) await store.writeRollUps(want.rollUps);
      if (want.cells.length > 0) await store.writeTallies(want.cells);
      if (want.document !== null) await store.putDocument(want.document.name, want.document.text);
      return null;
  }
}

/** Rows that a question has read with this: what its limit counts. */
export function rowsOf(got: Got): number {
  if (got === null || typeof got === 'string') return 0;
  if (Array.isArray(got)) return got.length;
  return 'spans' in got ? got.spans.rows + got.records.length : 0;
}
