import { HopCounter } from '@upshot/knowledge';
import { decodeExport } from '@upshot/receiver';
import { StorageError } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { RollUp } from '../../src/roll-up/RollUp.js';
import { FaultyStore } from '../fixtures/FaultyStore.js';
import { order, otlpJson } from '../fixtures/telemetry.js';

/**
 * The store goes away while pages are read ahead and notes are written behind: what was not noted is noted when it is back.
 *
 *     writes   ──w──w──w── ... ──w──
 *     store    ────✗──────────✗─────    away for some 100 ms each time
 *     counted  all deliveries, each once
 */
describe('the background', () => {
  it('loses nothing of what it was noting when the store failed', async () => {
    const store = new FaultyStore(openMemoryStore());
    const errors: unknown[] = [];
    const rollUp = new RollUp({
      store,
      clock: () => BigInt(Date.now()) * 1_000_000n,
      conventions: () => null,
      onError: (error) => errors.push(error),
    });
    const count = 2_400;
    try {
      for (let from = 0; from < count; from += 80) {
        const spans = Array.from({ length: 80 }, (_, n) => order(from + n + 1, (from + n) * 100)).flat();
        const batch = decodeExport(Buffer.from(JSON.stringify(otlpJson(spans))), 'json').spans;
        store.fault = null;
        await store.write({ spans: [batch], records: [] });
        rollUp.wrote(batch.rows);
        if (from % 800 === 720) {
          store.fault = new StorageError('unavailable', 'away');
          await new Promise((resolve) => setTimeout(resolve, 150));
        }
      }
      store.fault = null;
      const counted = async () => {
        const sums = await store.tallies({ kinds: ['hop'] });
        const deliveries = sums.reduce(
          (sum, { tally }) => sum + (tally.counts.get(HopCounter.deliveries) ?? 0),
          0,
        );
        return deliveries;
      };
      const wanted = count * 2;
      for (const end = Date.now() + 40_000; Date.now() < end && (await counted()) !== wanted; )
        await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await counted()).toBe(wanted);
      expect(errors.length).toBeGreaterThan(0);
    } finally {
      await rollUp.close();
    }
  }, 60_000);
});
