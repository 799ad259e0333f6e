import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '@upshot/storage';

/** Where things lie in a store's directory. */
export interface DataDirectory {
  readonly path: string;
  /** chDB's own directory. It holds `status`, which chDB locks (flock: the kernel frees it when the process dies, however it dies). */
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

/** The process that holds the engine's lock, as the engine noted it; null where that can't be told or it no longer lives. */
export function lockHolder(directory: DataDirectory): number | null {
  let pid: number;
  try {
    pid = Number(/PID: (\d+)/.exec(readFileSync(join(directory.engine, 'status'), 'utf8'))?.[1]);
  } catch {
    return null;
  }
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid : null;
  }
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
