import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '@upshot/storage';
import { Session } from 'chdb';
import { countLiteral } from '../../sql/literals.js';
import { MAX_QUERY_BYTES } from '../../sql/settings.js';
import { type ChdbLimits, chdbConfig } from './chdbConfig.js';
import { type DataDirectory, messageOf } from './dataDirectory.js';
import { lockHolder, notedHolder } from './lockHolder.js';

/** Sessions for reading. Each runs on a thread of libuv's pool, which has four by default and serves files and gzip too. */
const READERS = 2;

export interface Sessions {
  readonly writer: Session;
  readonly readers: readonly Session[];
  /** For KILL QUERY: the others are busy just when it is needed. */
  readonly control: Session;
}

/** Connects to the engine's directory and so takes its lock. Throws `locked` where another process has it, else `unavailable`. */
export function connect(directory: DataDirectory, limits: ChdbLimits): Sessions {
  const holder = lockHolder(directory.engine);
  if (holder !== null) throw locked(directory, holder);
  const open: Session[] = [];
  const session = (): Session => {
    const one = new Session(directory.engine, { connectionArgs: [`--config-file=${directory.config}`] });
    open.push(one);
    return one;
  };
  try {
    writeFileSync(directory.config, chdbConfig(limits), { mode: 0o600 });
    const sessions = {
      writer: session(),
      readers: Array.from({ length: READERS }, session),
      control: session(),
    };
    // It decides how a statement is read, so it can't stand in one; and it harms none that comes later.
    for (const reader of sessions.readers)
      reader.query(`SET max_query_size = ${countLiteral(MAX_QUERY_BYTES)}`);
    clearIncoming(directory);
    return sessions;
  } catch (cause) {
    for (const one of open) one.close();
    throw refusal(directory, cause);
  }
}

/** Where the lock could not be seen, and for what else chDB calls "Failed to create connection". */
function refusal(directory: DataDirectory, cause: unknown): StorageError {
  const holder = notedHolder(directory.engine);
  if (holder !== null && holder !== process.pid) return locked(directory, holder, cause);
  return new StorageError(
    'unavailable',
    `The store in ${directory.path} can't be opened: ${messageOf(cause)}`,
    {
      cause,
    },
  );
}

function locked(directory: DataDirectory, pid: number, cause?: unknown): StorageError {
  return new StorageError('locked', `The data directory ${directory.path} is in use by process ${pid}.`, {
    cause,
  });
}

/** What a process that was killed left behind on its way into the engine. Only for the holder of the lock. */
function clearIncoming(directory: DataDirectory): void {
  for (const name of readdirSync(directory.incoming))
    rmSync(join(directory.incoming, name), { force: true, recursive: true });
}
