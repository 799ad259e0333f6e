import { describeStore } from '@upshot/storage/contract-kit';
import { openServerStore } from '@upshot/storage-clickhouse';
import { newDatabase } from './ClickHouseCluster.js';
import { describeClickHouse } from './describeClickHouse.js';

/** The contract of a store, over real servers: a database of its own for each case. */
export function describeStoreOver(name: string, shards: number): void {
  describeClickHouse(name, shards, (cluster) => {
    describeStore(name, async () => {
      const database = newDatabase();
      const url = cluster().url({ database });
      return {
        store: await openServerStore({ url }),
        reopen: () => openServerStore({ url }),
        dispose: async () => {
          for (const node of cluster().nodes) await node.sql(`DROP DATABASE ${database}`);
        },
      };
    });
  });
}
