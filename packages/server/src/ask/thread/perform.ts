import { earlier } from '@upshot/model';
import { StorageError, type Store } from '@upshot/storage';
import type { Got, Want } from '../Questioning.js';

/** Does what a question wants of the store. `timeoutMs`: what is left of the question's time. */
export async function perform(store: Store, want: Want, timeoutMs: number): Promise<Got> {
  switch (want.type) {
    case 'find':
      return store.find(want.lookup, { timeoutMs });
    case 'arrived': {
      const page = await store.arrivals(want.after, want.limit);
      if (page.rows === 0 || want.oneIn === null) return { page, found: null };
      const until = earlier(want.until ?? page.reached, page.reached);
      return { page, found: await store.arrived(want.after, until, want.oneIn) };
    }
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
    case 'documents':
      return store.documents(want.prefix);
    case 'note':
      if (want.rollUps.length > 0) await store.writeRollUps(want.rollUps);
      if (want.cells.length > 0) await store.writeTallies(want.cells);
      for (const { name, text } of want.documents) await store.putDocument(name, text);
      return null;
  }
}

/** Rows that a question has read with this: what its limit counts. */
export function rowsOf(got: Got): number {
  if (got === null || typeof got === 'string') return 0;
  if (Array.isArray(got)) return got.length;
  const found = 'page' in got ? got.found : got;
  return found === null ? 0 : found.spans.rows + found.records.length + found.logs.rows;
}
