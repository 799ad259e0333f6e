import type { Store } from '@upshot/storage';
import { ChdbEngine } from './engine/chdb/ChdbEngine.js';
import { DEFAULT_LIMITS } from './engine/chdb/chdbConfig.js';
import { migrate } from './schema/migrate.js';
import { ClickHouseStore } from './store/ClickHouseStore.js';

export interface ChdbStoreOptions {
  /** Made where there is none, with mode 700. One process at a time may have it open. */
  readonly directory: string;
  /** What the engine may allocate, in bytes; by default 700 MiB. The process needs some 200 MiB beside it. */
  readonly maxMemoryBytes?: number;
  /** Unix milliseconds; by default the machine's clock. */
  readonly clock?: () => number;
}

/**
 * Opens the embedded store: ClickHouse inside this process. One per process, and on its main thread (chDB's limits).
 * Rejects with `locked`, `schema-too-new` or `unavailable`.
 */
export async function openChdbStore(options: ChdbStoreOptions): Promise<Store> {
  const { directory, maxMemoryBytes = DEFAULT_LIMITS.maxMemoryBytes, clock = Date.now } = options;
  const engine = ChdbEngine.open(directory, { maxMemoryBytes });
  try {
    await migrate(engine);
    return await ClickHouseStore.open(engine, clock);
  } catch (error) {
    await engine.close();
    throw error;
  }
}
