import type { Store } from '@upshot/storage';
import { openServerEngine } from './engine/server/openServerEngine.js';
import { parseServerUrl } from './engine/server/ServerLocation.js';
import { migrate } from './schema/migrate.js';
import { ClickHouseStore } from './store/ClickHouseStore.js';

export interface ServerStoreOptions {
  /** `clickhouse://user:password@host:8123/database[?cluster=NAME][&secure=true][&ca=FILE]`, or `https://…` likewise. */
  readonly url: string;
  /** Unix milliseconds; by default the machine's clock. */
  readonly clock?: () => number;
}

/**
 * Opens a store on a ClickHouse server or cluster, and makes its tables where there are none. Others may have the same one open and write to it.
 * Rejects with `misused`, `denied`, `schema-too-new` or `unavailable`; no message holds a credential.
 */
export async function openServerStore({ url, clock = Date.now }: ServerStoreOptions): Promise<Store> {
  const engine = await openServerEngine(parseServerUrl(url));
  try {
    await migrate(engine);
    return await ClickHouseStore.open(engine, clock);
  } catch (error) {
    await engine.close();
    throw error;
  }
}
