import { StorageError, type Store } from '@upshot/storage';
import { openChdbStore, openServerStore } from '@upshot/storage-clickhouse';
import { openMemoryStore } from '@upshot/storage-memory';
import type { StoreChoice } from './ServerOptions.js';
import { StartupError } from './StartupError.js';

/** Opens what `--store` names. `clock`: Unix nanoseconds. Rejects with `StartupError`. */
export async function openStore(choice: StoreChoice, clock: () => bigint): Promise<Store> {
  const clockMs = () => Number(clock() / 1_000_000n);
  if (choice.kind === 'memory') return openMemoryStore();
  try {
    if (choice.kind === 'clickhouse') return await openServerStore({ url: choice.url, clock: clockMs });
    return await openChdbStore({ directory: choice.directory, clock: clockMs });
  } catch (error) {
    // The store's messages name the directory and say what to do; what the engine said stays with the cause.
    if (error instanceof StorageError) throw new StartupError(error.message, { cause: error });
    // A URL holds a password: not even a part of it is repeated.
    const where = choice.kind === 'clickhouse' ? 'The ClickHouse store' : `The store in ${choice.directory}`;
    throw new StartupError(`${where} can't be opened: ${messageOf(error)}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
