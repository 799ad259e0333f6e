import type { WorkflowGraph } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { readCases } from './support/Case.js';
import { Upshot } from './support/Upshot.js';

describe.each(readCases().map((one) => [one.name, one] as const))('%s', (_, one) => {
  it('leads to the same graph where its export was taken in', async () => {
    const from = await Upshot.with(one);
    const keys = [...new Set(one.asks.map(({ key }) => key))];
    try {
      for (const key of keys) {
        const graph = await from.workflow(key);
        const whole = await from.exported(key);
        expect(whole === null).toBe(graph === null);
        if (whole === null) continue;
        const to = await Upshot.without(one);
        try {
          await to.take(whole);
          expect(comparable(await to.workflow(key)), key).toEqual(comparable(graph));
        } finally {
          await to.close();
        }
      }
    } finally {
      await from.close();
    }
  });
});

/** How many share a finding is counted over all that a server has noted by then. */
function comparable(graph: WorkflowGraph | null): WorkflowGraph | null {
  return graph && { ...graph, findings: graph.findings.map(({ alike: _, ...finding }) => finding) };
}
