import type { TallySum } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { RollUp } from '../../src/roll-up/RollUp.js';
import { order, otlpJson, type SpanSketch } from '../fixtures/telemetry.js';

/**
 * Two servers follow one store, without a leader: each notes all it finds, at its own time. What is counted is what one server alone counts.
 *
 *     store    w1 ── w2 ── w3 ── w4 ──
 *     server A    └ notes    └──── notes
 *     server B       └───── notes   └ notes
 */
const KINDS = ['hop', 'publish', 'finding'];
const SETTLE_MS = 20_000;

function batches(): SpanSketch[][] {
  const orders = Array.from({ length: 60 }, (_, n) =>
    order(n + 1, n * 7_000, n % 5 === 0 ? 'HTTP 503' : undefined),
  );
  // Parts of each order come in different writes: roots late, consumers first.
  return [0, 1, 2, 3].map((part) =>
    orders.flatMap((spans, n) => spans.filter((_span, at) => (at + n) % 4 === part)),
  );
}

async function write(store: Store, spans: readonly SpanSketch[]): Promise<number> {
  const batch = decodeExport(Buffer.from(JSON.stringify(otlpJson(spans))), 'json').spans;
  await store.write({ spans: [batch], records: [] });
  return batch.rows;
}

const textOf = (sums: readonly TallySum[]) =>
  sums
    .map(({ tally }) =>
      JSON.stringify([tally.kind, tally.series, tally.examples, [...tally.counts]], (_key, value) => value),
    )
    .sort();

async function countedBy(servers: number): Promise<string[]> {
  const store = openMemoryStore();
  const errors: unknown[] = [];
  const options = {
    store,
    clock: () => BigInt(Date.now()) * 1_000_000n,
    conventions: () => null,
    onError: (error: unknown) => errors.push(error),
    shared: servers > 1,
  };
  const rollUps = Array.from({ length: servers }, () => new RollUp(options));
  try {
    for (const [at, spans] of batches().entries()) {
      const rows = await write(store, spans);
      // They hear of writes at different times, and of some only by looking.
      rollUps[at % servers]!.wrote(rows);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    for (const rollUp of rollUps) rollUp.wrote(1);
    let last: string[] = [];
    for (const end = Date.now() + SETTLE_MS; Date.now() < end; ) {
      await Promise.all(rollUps.map((rollUp) => rollUp.caughtUp()));
      const now = textOf(await store.tallies({ kinds: KINDS }));
      if (now.length > 0 && JSON.stringify(now) === JSON.stringify(last)) break;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 400));
    }
    expect(errors).toEqual([]);
    return last;
  } finally {
    await Promise.all(rollUps.map((rollUp) => rollUp.close()));
  }
}

describe('several servers on one store', () => {
  it('count what one counts, nothing twice and nothing left out', async () => {
    const alone = await countedBy(1);
    expect(alone.join()).toContain(`[1,60]`);
    expect(await countedBy(2)).toEqual(alone);
    expect(await countedBy(3)).toEqual(alone);
  }, 90_000);
});
