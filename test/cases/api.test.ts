import type { WorkflowGraph } from '@upshot/model';
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
      // That other keys lead to the same answer is held over the memory store.
      await expectAnswers(
        one.asks.map((ask) => ({ ...ask, alike: [] })),
        upshot,
      );
      const store = openMemoryStore();
      await fillStore(store, asWritten(one));
      const direct = askingStore(store, one);
      for (const { key } of one.asks) {
        expect(withoutAlike(await upshot.workflow(key)), key).toEqual(await direct.workflow(key));
      }
      if (one.listed !== null) expect((await upshot.list()).map(({ key }) => key)).toEqual(one.listed);
    } finally {
      await upshot.close();
    }
  });
});

/** How many workflows share a finding is counted by the server beside, over all that it has noted by then. */
function withoutAlike(graph: WorkflowGraph | null): WorkflowGraph | null {
  return graph && { ...graph, findings: graph.findings.map(({ alike: _, ...finding }) => finding) };
}
