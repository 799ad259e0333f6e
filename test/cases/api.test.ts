import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { asWritten } from './support/arrangements.js';
import { askingStore, expectAnswers } from './support/asking.js';
import { readCases } from './support/Case.js';
import { fillStore } from './support/fillStore.js';
import { Upshot } from './support/Upshot.js';

describe.each(readCases().map((one) => [one.name, one] as const))('%s', (_, one) => {
  it('is answered over HTTP as expected', async () => {
    const upshot = await Upshot.with(one);
    try {
      await expectAnswers(one.asks, upshot);
      const store = openMemoryStore();
      await fillStore(store, asWritten(one));
      const direct = askingStore(store, one.nowUnixNano);
      for (const { key } of one.asks) {
        expect(await upshot.workflow(key), key).toEqual(await direct.workflow(key));
        expect(await upshot.event(key), key).toEqual(await direct.event(key));
      }
      if (one.listed !== null) expect((await upshot.list()).map(({ key }) => key)).toEqual(one.listed);
    } finally {
      await upshot.close();
    }
  });
});
