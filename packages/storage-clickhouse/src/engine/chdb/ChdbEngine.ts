import { writeFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '@upshot/storage';
import { drainPending, Session } from 'chdb';
import type { InsertTarget } from '../../schema/InsertTarget.js';
import { countLiteral, stringLiteral } from '../../sql/literals.js';
import { READ_SETTINGS, WRITE_SETTINGS } from '../../sql/settings.js';
import type { Engine } from '../Engine.js';
import { engineError } from '../engineError.js';
import { type ChdbLimits, chdbConfig } from './chdbConfig.js';
import {
  clearIncoming,
  type DataDirectory,
  lockHolder,
  messageOf,
  prepareDirectory,
} from './dataDirectory.js';
import { closedError, SessionPool } from './SessionPool.js';

/** Sessions for reading. Each runs on a thread of libuv's pool, which has four by default and serves files and gzip too. */
const READERS = 2;
const DEFAULT_TIMEOUT_MS = 30_000;

/** The one directory that this process has open: chDB binds one per process. */
let openDirectory: string | null = null;
let queries = 0;

/**
 * ClickHouse in this process, through chDB. Works on the main thread alone (chDB crashes under worker_threads), and ends what it runs
 * by KILL QUERY from a session of its own, since chDB itself can't interrupt.
 */
export class ChdbEngine implements Engine {
  readonly description: string;
  private readonly readers: SessionPool;
  private closing: Promise<void> | undefined;
  private inserts = 0;

  private constructor(
    private readonly directory: DataDirectory,
    private readonly writer: SessionPool,
    readerSessions: readonly Session[],
    private readonly control: Session,
  ) {
    this.description = `embedded store in ${directory.path}`;
    this.readers = new SessionPool(readerSessions);
  }

  /** Opens or makes the store in `path`. Rejects with `locked` where another holds it. */
  static open(path: string, limits: ChdbLimits): ChdbEngine {
    const directory = prepareDirectory(path);
    if (openDirectory !== null) {
      throw new StorageError(
        'locked',
        openDirectory === directory.path
          ? `The data directory ${directory.path} is already open in this process (pid ${process.pid}).`
          : `This process (pid ${process.pid}) has the data directory ${openDirectory} open and can hold but one.`,
      );
    }
    const sessions = connect(directory, limits);
    openDirectory = directory.path;
    clearIncoming(directory);
    const [writer, control, ...readers] = sessions;
    return new ChdbEngine(directory, new SessionPool([writer!]), readers, control!);
  }

  async insert(target: InsertTarget, blocks: Uint8Array): Promise<void> {
    if (this.closing) throw closedError();
    const file = join(this.directory.incoming, `${process.pid}-${++this.inserts}.native`);
    try {
      await writeFile(file, blocks, { mode: 0o600 });
      const source = `file(${stringLiteral(file)}, 'Native', ${stringLiteral(target.structure)})`;
      await this.run(
        this.writer,
        `INSERT INTO ${target.table} (${target.columns}) SELECT ${target.columns} FROM ${source} SETTINGS ${WRITE_SETTINGS}`,
        'CSV',
      );
    } catch (cause) {
      throw engineError(`Could not store rows in ${this.directory.path}`, cause);
    } finally {
      await rm(file, { force: true });
    }
  }

  async query(
    sql: string,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: { timeoutMs?: number } = {},
  ): Promise<Uint8Array> {
    const tag = `upshot-${process.pid}-${++queries}`;
    const seconds = Math.max(timeoutMs / 1000, 0.001);
    const tagged = `${sql} SETTINGS ${READ_SETTINGS}, max_execution_time = ${seconds.toFixed(3)}, log_comment = ${stringLiteral(tag)}`;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new StorageError('timeout', `The query took longer than ${countLiteral(timeoutMs)} ms.`));
        this.kill(tag);
      }, timeoutMs);
    });
    try {
      return await Promise.race([this.run(this.readers, tagged, 'Native'), late]);
    } catch (cause) {
      throw engineError(`Could not read from ${this.directory.path}`, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  async command(sql: string): Promise<void> {
    try {
      await this.run(this.writer, sql, 'CSV');
    } catch (cause) {
      throw engineError(`Could not change ${this.directory.path}`, cause);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    this.kill(`upshot-${process.pid}-`);
    await drainPending();
    this.readers.close();
    this.writer.close();
    this.control.close();
    await drainPending();
    openDirectory = null;
  }

  private async run(pool: SessionPool, sql: string, format: string): Promise<Uint8Array> {
    if (this.closing) throw closedError();
    const session = await pool.acquire();
    try {
      return (await session.queryAsync(sql, { format })).bytes();
    } finally {
      pool.release(session);
    }
  }

  /** Ends queries whose tag begins so. What it answers does not matter: a query that has ended meanwhile is none to kill. */
  private kill(tagPrefix: string): void {
    this.control
      .queryAsync(
        `KILL QUERY WHERE startsWith(Settings['log_comment'], ${stringLiteral(tagPrefix)}) ASYNC FORMAT Null`,
        {},
      )
      .catch(() => undefined);
  }
}

function connect(directory: DataDirectory, limits: ChdbLimits): Session[] {
  const sessions: Session[] = [];
  try {
    writeFileSync(directory.config, chdbConfig(limits), { mode: 0o600 });
    for (let i = 0; i < READERS + 2; i++)
      sessions.push(new Session(directory.engine, { connectionArgs: [`--config-file=${directory.config}`] }));
    return sessions;
  } catch (cause) {
    for (const session of sessions) session.close();
    const pid = lockHolder(directory);
    if (pid !== null)
      throw new StorageError('locked', `The data directory ${directory.path} is in use by process ${pid}.`, {
        cause,
      });
    throw new StorageError(
      'unavailable',
      `The store in ${directory.path} can't be opened: ${messageOf(cause)}`,
      { cause },
    );
  }
}
