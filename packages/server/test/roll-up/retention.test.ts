import { decodeExport } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { RollUp } from '../../src/roll-up/RollUp.js';
import { BASE_MS, order, otlpJson } from '../fixtures/telemetry.js';

const HOUR = 3_600_000_000_000n;
const DAY = 24n * HOUR;

/**
 * The store drops a day while the background has rows of it at hand: it must not note what is gone.
 *
 *     rows      ──day 0──────────────┐ read, and not yet noted
 *     retention           day 0 gone │
 *     notes                          └─▶ none
 */
describe('the background', () => {
  it.each([
    { days: 3n, retentionNano: DAY, left: 0, name: 'notes nothing of a day that the retention has let go' },
    { days: 0n, retentionNano: DAY, left: 2, name: 'notes what the retention keeps' },
    { days: 3n, retentionNano: null, left: 2, name: 'notes all where there is no retention' },
  ])('$name', async ({ days, retentionNano, left }) => {
    const store = openMemoryStore();
    const now = BigInt(BASE_MS) * 1_000_000n + HOUR;
    const { spans } = decodeExport(
      Buffer.from(JSON.stringify(otlpJson([...order(1, 0), ...order(2, 1000)]))),
      'json',
    );
    await store.write({ spans: [spans], records: [] });
    const rollUp = new RollUp({
      store,
      clock: () => now + days * DAY,
      conventions: () => null,
      onError: (error) => {
        throw error;
      },
      retentionNano,
    });
    try {
      while (rollUp.asOfAt(now) === 0n) await rollUp.caughtUp();
      expect(await store.rollUps({ limit: 10 })).toHaveLength(left);
      expect((await store.tallies({ kinds: ['hop'] })).length > 0).toBe(left > 0);
    } finally {
      await rollUp.close();
    }
  });
});
