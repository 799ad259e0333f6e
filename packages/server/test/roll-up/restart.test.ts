import { HopCounter } from '@upshot/knowledge';
import type { Lookup } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { RollUp } from '../../src/roll-up/RollUp.js';
import { BASE_MS, order, otlpJson, type SpanSketch } from '../fixtures/telemetry.js';

/** The clock of these tests, milliseconds after `BASE_MS`: orders are of the last seconds. */
const now = () => Date.now() - BASE_MS;

async function write(store: Store, spans: readonly SpanSketch[], rollUp: RollUp): Promise<void> {
  const batch = decodeExport(Buffer.from(JSON.stringify(otlpJson(spans))), 'json').spans;
  await store.write({ spans: [batch], records: [] });
  rollUp.wrote(batch.rows);
}

async function deliveries(store: Store): Promise<number> {
  const sums = await store.tallies({ kinds: ['hop'] });
  return sums.reduce((sum, { tally }) => sum + (tally.counts.get(HopCounter.deliveries) ?? 0), 0);
}

/**
 * Two servers, one after the other, on one store.
 *
 *     first    ── publishes ──┤
 *     second                  ├── consumers ── whole orders ──
 */
describe('a background that is started again', () => {
  it('puts together what came before and after, and asks the store only for that', async () => {
    const store = openMemoryStore();
    const asked: Lookup[] = [];
    const watched: Store = new Proxy(store, {
      get(target, name) {
        if (name !== 'find') return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name);
        return (lookup: Lookup) => {
          asked.push(lookup);
          return target.find(lookup);
        };
      },
    });
    const errors: unknown[] = [];
    const start = () =>
      new RollUp({
        store: watched,
        clock: () => BigInt(Date.now()) * 1_000_000n,
        conventions: () => null,
        onError: (error) => errors.push(error),
      });
    const COUNT = 50;
    const split = Array.from({ length: COUNT }, (_, n) => order(n + 1, now()));
    const first = start();
    await write(
      store,
      split.flatMap((spans) => spans.slice(0, 2)),
      first,
    );
    await first.caughtUp();
    await first.close();

    asked.length = 0;
    const second = start();
    try {
      await write(
        store,
        split.flatMap((spans) => spans.slice(2)),
        second,
      );
      await expect.poll(() => deliveries(store)).toBe(COUNT * 2);
      asked.length = 0;
      await write(store, Array.from({ length: COUNT }, (_, n) => order(n + 1_000, now())).flat(), second);
      await expect.poll(() => deliveries(store)).toBe(COUNT * 4);
      expect(asked.filter(({ since }) => since !== undefined)).toEqual([]);
      expect(errors).toEqual([]);
    } finally {
      await second.close();
    }
  });
});
