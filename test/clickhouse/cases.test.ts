import { createHash } from 'node:crypto';
import type { Store } from '@upshot/storage';
import { openServerStore } from '@upshot/storage-clickhouse';
import { openMemoryStore } from '@upshot/storage-memory';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asWritten } from '../cases/support/arrangements.js';
import { askingStore } from '../cases/support/asking.js';
import { readCases } from '../cases/support/Case.js';
import { fillStore } from '../cases/support/fillStore.js';
import { newDatabase } from './rig/ClickHouseCluster.js';
import { describeClickHouse } from './rig/describeClickHouse.js';

/** The year 2100: later than anything that a case holds. */
const LATER = 4_102_444_800n * 1_000_000_000n;
/** A shard has something of nearly every case that has so many spans: 1 in 2^11 would lie on one alone. */
const ENOUGH_SPANS = 12;

/**
 * Every case is held over the memory store and the embedded one (`test/cases`). Here it is the spreading that is tried, for which a third of them is
 * enough, chosen by name so that it is the same third everywhere. UPSHOT_CASES_OVER_SHARDS=1 takes all of them.
 */
const ONE_IN = Number(process.env.UPSHOT_CASES_OVER_SHARDS ?? 3);
const CHOSEN = readCases().filter(
  ({ name }) => createHash('md5').update(name).digest().readUInt32LE(0) % ONE_IN === 0,
);

// What each answer must be is held over the memory store: two shards must lead to the same. One database, emptied after each case.
describeClickHouse('cases, over two shards', 2, (cluster) => {
  const database = newDatabase();
  let store: Store;
  beforeAll(async () => {
    store = await openServerStore({ url: cluster().url({ database }) });
  });
  afterAll(() => store?.close());

  it.each(CHOSEN.map((one) => [one.name, one] as const))(
    '%s',
    async (_, one) => {
      const memory = openMemoryStore();
      for (const each of [memory, store]) await fillStore(each, asWritten(one));
      const expected = askingStore(memory, one);
      const ask = askingStore(store, one);
      try {
        const rows = await Promise.all(
          cluster().nodes.map(async (node) =>
            Number(await node.sql(`SELECT count() FROM ${database}.spans_shard`)),
          ),
        );
        if (one.spans.length >= ENOUGH_SPANS) expect(rows.filter((count) => count > 0)).toHaveLength(2);
        for (const { key } of one.asks) {
          expect(await ask.workflow(key), key).toEqual(await expected.workflow(key));
          expect(await ask.event(key), key).toEqual(await expected.event(key));
        }
      } finally {
        await store.expire(LATER);
        expect(await store.statistics()).toMatchObject({ spans: 0, records: 0 });
      }
    },
    120_000,
  );
});
