import { expect, it } from 'vitest';
import { openChdbStore } from '../src/openChdbStore.js';
import { Child } from './processes/Child.js';
import { temporaryDirectory } from './support.js';

const KILLS = 6;
const ROWS = 2000;

/**
 *   writer   ── 0 ✓ ── 1 ✓ ── 2 …✗ SIGKILL      n ✓ ── n+1 …✗ SIGKILL
 *   reader                           0 1 there ──                     0 1 … n there
 */
it(`loses nothing that was acknowledged over ${KILLS} kills at random times`, {
  timeout: 120_000,
}, async () => {
  const directory = temporaryDirectory();
  const acknowledged: number[] = [];
  let next = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const writer = new Child('writer.mjs', directory, String(next), String(ROWS));
    await writer.printed(1 + kill);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    writer.kill('SIGKILL');
    await writer.ended;
    const resolved = writer.lines.slice(1).map(Number);
    acknowledged.push(...resolved);
    // Batches that were under way may or may not be there: they are not written again.
    next = Math.max(next, ...resolved.map((n) => n + 1)) + 4;

    const store = await openChdbStore({ directory });
    for (const n of acknowledged) {
      const found = await store.find({
        traceIds: [n.toString(16).padStart(32, '0')],
        eventIds: [`e${n}`],
        limit: 10_000,
      });
      expect({ n, spans: found.spans.rows, records: found.records.length }).toEqual({
        n,
        spans: ROWS,
        records: 1,
      });
    }
    await store.close();
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS);
});
