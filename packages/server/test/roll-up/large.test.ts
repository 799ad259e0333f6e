import { decodeRecords } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { expect, it } from 'vitest';
import { RollUp } from '../../src/roll-up/RollUp.js';
import { FaultyStore } from '../fixtures/FaultyStore.js';
import { nanosAt } from '../fixtures/telemetry.js';

/** One event, and a further one for each of thousands of branches that it led to: no record has a trace, and each of them leads to the whole. */
function fanOut(branches: number): object[] {
  const one = (eventId: string, at: number, rest: object) => ({
    eventId,
    correlationId: 'campaign',
    startTimeUnixNano: String(nanosAt(at)),
    ...rest,
  });
  return [
    one('root', 0, { eventName: 'campaign.launched', producer: 'marketing' }),
    ...Array.from({ length: branches }, (_, n) =>
      one(`mail-${n}`, n, { eventName: 'mail.requested', producer: 'audience', causationId: 'root' }),
    ),
  ];
}

it('assembles a large workflow once for all of its parts that came together', async () => {
  const store = new FaultyStore(openMemoryStore());
  const rollUp = new RollUp({
    store,
    clock: () => BigInt(Date.now()) * 1_000_000n,
    conventions: () => null,
    onError: (error) => {
      throw error;
    },
  });
  try {
    const { accepted } = decodeRecords(Buffer.from(JSON.stringify(fanOut(8_000))), 'json', nanosAt(0));
    expect(accepted).toHaveLength(8_001);
    await store.write({ spans: [], records: accepted });
    rollUp.wrote(accepted.length);
    const noted = async () => (await store.rollUps({ limit: 10 })).map(({ row }) => JSON.parse(row));
    for (const end = Date.now() + 40_000; Date.now() < end; ) {
      if ((await noted())[0]?.counts.events === 8_001) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await noted()).map(({ key, counts }) => [key, counts.events])).toEqual([['campaign', 8_001]]);
    // By pieces of 256 arrivals it would be assembled 32 times, with some look-ups each.
    expect(store.finds).toBeLessThan(16);
  } finally {
    await rollUp.close();
  }
}, 60_000);
