import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@upshot/storage';
import { openChdbStore } from '@upshot/storage-clickhouse';
import { openMemoryStore } from '@upshot/storage-memory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asWritten } from './support/arrangements.js';
import { askingStore } from './support/asking.js';
import { readCases } from './support/Case.js';
import { fillStore } from './support/fillStore.js';

/** The year 2100: later than anything that a case holds. */
const LATER = 4_102_444_800n * 1_000_000_000n;

let directory = '';
let embedded: Store;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'upshot-cases-'));
  embedded = await openChdbStore({ directory });
});
afterAll(async () => {
  await embedded.close();
  rmSync(directory, { recursive: true, force: true });
});

// What each answer must be is held over the memory store: the embedded one must lead to the same. One directory, emptied after each case: a
// process can't open the engine any number of times, and recordings of one scenario share IDs.
it.each(readCases().map((one) => [one.name, one] as const))(
  '%s: the same from the embedded store',
  async (_, one) => {
    const memory = openMemoryStore();
    for (const store of [memory, embedded]) await fillStore(store, asWritten(one));
    const expected = askingStore(memory, one);
    const ask = askingStore(embedded, one);
    try {
      for (const { key } of one.asks) {
        expect(await ask.workflow(key), key).toEqual(await expected.workflow(key));
        expect(await ask.event(key), key).toEqual(await expected.event(key));
      }
    } finally {
      await embedded.expire(LATER);
      expect(await embedded.statistics()).toMatchObject({ spans: 0, records: 0 });
    }
  },
);
