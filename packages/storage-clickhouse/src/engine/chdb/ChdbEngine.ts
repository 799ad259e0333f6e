import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drainPending, type Session } from 'chdb';
import type { InsertTarget } from '../../schema/InsertTarget.js';
import { stringLiteral } from '../../sql/literals.js';
import { executionLimit, READ_SETTINGS, WRITE_SETTINGS } from '../../sql/settings.js';
import { Deadline } from '../Deadline.js';
import type { Engine, Limit, ReachedRows } from '../Engine.js';
import { closedError, engineError } from '../engineError.js';
import type { ChdbLimits } from './chdbConfig.js';
import { connect, type Sessions } from './connect.js';
import { claimProcess, type DataDirectory, prepareDirectory } from './dataDirectory.js';
import { SessionPool } from './SessionPool.js';

const QUERY_TIMEOUT_MS = 30_000;
const INSERT_TIMEOUT_MS = 60_000;
/** Of the engine's memory, what one query may take: a query that is too broad fails, and ingest beside it does not. */
const QUERY_SHARE = 0.4;
/** How often a statement that shall end is told so. */
const KILL_EVERY_MS = 100;

let statements = 0;

/**
 * ClickHouse in this process, through chDB. Works on the main thread alone (chDB crashes under worker_threads), and ends what runs too
 * long by KILL QUERY from a session of its own, since chDB itself can't interrupt.
 */
export class ChdbEngine implements Engine {
  readonly description: string;
  /** The directory is locked. */
  readonly writerId = null;
  private readonly queryBytes: number;
  private readonly writer: SessionPool;
  private readonly readers: SessionPool;
  private readonly control: Session;
  /** The tags of statements that were handed to the engine and have not ended. */
  private readonly underWay = new Set<string>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly directory: DataDirectory,
    limits: ChdbLimits,
    sessions: Sessions,
    private readonly release: () => void,
  ) {
    this.description = `embedded store in ${directory.path}`;
    this.queryBytes = Math.floor(limits.maxMemoryBytes * QUERY_SHARE);
    this.writer = new SessionPool([sessions.writer]);
    this.readers = new SessionPool(sessions.readers);
    this.control = sessions.control;
  }

  /** Opens or makes the store in `path`. Throws `locked` where somebody has it open, `unavailable` where it can't be opened. */
  static open(path: string, limits: ChdbLimits): ChdbEngine {
    const directory = prepareDirectory(path);
    const release = claimProcess(directory);
    try {
      return new ChdbEngine(directory, limits, connect(directory, limits), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  async insert(
    target: InsertTarget,
    blocks: Uint8Array,
    { timeoutMs = INSERT_TIMEOUT_MS }: Limit = {},
  ): Promise<void> {
    const tag = nextTag();
    const file = join(this.directory.incoming, `${tag}native`);
    const source = `file(${stringLiteral(file)}, 'Native', ${stringLiteral(target.structure)})`;
    const sql = `INSERT INTO ${target.table} (${target.columns}) SELECT ${target.columns} FROM ${source} SETTINGS ${WRITE_SETTINGS}, ${executionLimit(timeoutMs, tag)}`;
    const deadline = new Deadline(timeoutMs, () => void this.end(tag));
    const steps = async () => {
      try {
        await writeFile(file, blocks, { mode: 0o600 });
        await this.run(this.writer, { tag, sql, format: 'CSV' }, deadline);
      } finally {
        await rm(file, { force: true });
      }
    };
    await this.guard('store rows in', deadline, steps());
  }

  async query(sql: string, { timeoutMs = QUERY_TIMEOUT_MS }: Limit = {}): Promise<Uint8Array> {
    const tag = nextTag();
    const tagged = `${sql} SETTINGS ${READ_SETTINGS}, max_memory_usage = ${this.queryBytes}, ${executionLimit(timeoutMs, tag)}`;
    const deadline = new Deadline(timeoutMs, () => void this.end(tag));
    return this.guard(
      'read from',
      deadline,
      this.run(this.readers, { tag, sql: tagged, format: 'Native' }, deadline),
    );
  }

  async queryReachable(sql: string, limit?: Limit): Promise<ReachedRows> {
    return { rows: await this.query(sql, limit), unavailable: [] };
  }

  async command(sql: string): Promise<void> {
    const deadline = new Deadline(Number.POSITIVE_INFINITY, () => undefined);
    await this.guard(
      'change',
      deadline,
      this.run(this.writer, { tag: nextTag(), sql, format: 'CSV' }, deadline),
    );
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    this.readers.refuse();
    this.writer.refuse();
    for (const tag of this.underWay) void this.end(tag);
    await drainPending();
    for (const session of [...this.readers.sessions, ...this.writer.sessions, this.control]) session.close();
    await drainPending();
    this.release();
  }

  /** Runs a statement as soon as a session is free, unless its time is up by then. */
  private async run(
    pool: SessionPool,
    { tag, sql, format }: { tag: string; sql: string; format: string },
    deadline: Deadline,
  ): Promise<Uint8Array> {
    const session = await pool.acquire();
    try {
      deadline.check();
      this.underWay.add(tag);
      return (await session.queryAsync(sql, { format })).bytes();
    } finally {
      this.underWay.delete(tag);
      pool.release(session);
    }
  }

  /** What comes first: the result or the deadline. After the deadline the work's own end is nobody's matter any more. */
  private async guard<T>(what: string, deadline: Deadline, work: Promise<T>): Promise<T> {
    try {
      return await deadline.race(work);
    } catch (cause) {
      throw this.closing ? closedError() : engineError(`Could not ${what} ${this.directory.path}`, cause);
    }
  }

  /**
   * Ends a statement that is under way. It is told so until it has ended: what was handed over a moment ago may not have begun, and the
   * engine kills only what it lists.
   */
  private async end(tag: string): Promise<void> {
    const sql = `KILL QUERY WHERE Settings['log_comment'] = ${stringLiteral(tag)} ASYNC FORMAT Null`;
    while (this.underWay.has(tag)) {
      // What it answers does not matter: one that has ended meanwhile is none to kill.
      await this.control.queryAsync(sql, {}).catch(() => undefined);
      if (this.underWay.has(tag)) await sleep(KILL_EVERY_MS);
    }
  }
}

/** Names a statement to KILL QUERY and its file of blocks. */
function nextTag(): string {
  return `upshot-${process.pid}-${++statements}.`;
}
