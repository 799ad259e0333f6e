import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '@upshot/storage';

/** Where things lie in a store's directory. */
export interface DataDirectory {
  readonly path: string;
  /** chDB's own directory. It holds the lock. */
  readonly engine: string;
  /** Blocks on their way into the engine. Emptied at open. */
  readonly incoming: string;
  readonly config: string;
}

/** Makes the directory where there is none, readable for its owner alone: telemetry holds what people wrote. */
export function prepareDirectory(path: string): DataDirectory {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const real = realpathSync(path);
    const directory: DataDirectory = {
      path: real,
      engine: join(real, 'clickhouse'),
      incoming: join(real, 'incoming'),
      config: join(real, 'clickhouse.xml'),
    };
    mkdirSync(directory.engine, { recursive: true, mode: 0o700 });
    mkdirSync(directory.incoming, { recursive: true, mode: 0o700 });
    return directory;
  } catch (cause) {
    throw new StorageError(
      'unavailable',
      `The data directory ${path} can't be made or read: ${messageOf(cause)}`,
      {
        cause,
      },
    );
  }
}

/** The one directory that this process has open: chDB binds one per process. */
let claimed: string | null = null;

/** Takes this process's one place for a store. Returns what gives it back. Throws `locked` where it is taken. */
export function claimProcess(directory: DataDirectory): () => void {
  if (claimed !== null) {
    throw new StorageError(
      'locked',
      claimed === directory.path
        ? `The data directory ${directory.path} is already open in this process (pid ${process.pid}).`
        : `This process (pid ${process.pid}) has the data directory ${claimed} open and can hold but one.`,
    );
  }
  claimed = directory.path;
  return () => {
    claimed = null;
  };
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
