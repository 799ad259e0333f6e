import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBlocks } from '../../native/NativeBlock.js';
import type { InsertTarget } from '../../schema/InsertTarget.js';
import { countLiteral, stringLiteral } from '../../sql/literals.js';
import { runningSql } from '../../sql/runningSql.js';
import { Deadline } from '../Deadline.js';
import type { Engine, Limit, ReachedRows } from '../Engine.js';
import { closedError, engineError } from '../engineError.js';
import type { EachNode } from './Cluster.js';
import { type ClusterLayout, clusterQuestion } from './clusterSql.js';
import { codeOf } from './Endpoint.js';
import type { Entrances } from './Entrances.js';
import type { ShardWatch } from './ShardWatch.js';
import { NATIVE, type Settings } from './serverSettings.js';

const QUERY_TIMEOUT_MS = 30_000;
const INSERT_TIMEOUT_MS = 60_000;
/** How often it is looked whether an insert that was given up has ended. */
const POLL_MS = 100;
/** How often a question is put again when shards come and go while it is answered. */
const ATTEMPTS = 4;
/** And how long it is waited before, times the attempt: a busy machine refuses for a moment what it takes in the next one. */
const PAUSE_MS = 100;
/**
 * What a server says where another one did not answer it: NETWORK_ERROR, SOCKET_TIMEOUT, ALL_CONNECTION_TRIES_FAILED, ATTEMPT_TO_READ_AFTER_EOF, DNS_ERROR,
 * a conversation that broke off (also CANNOT_READ_ALL_DATA, POCO_EXCEPTION), and what one says that is being stopped: ABORTED, QUERY_WAS_CANCELLED.
 */
const SHARD_AWAY = new Set([210, 209, 279, 32, 198, 95, 96, 100, 102, 33, 1000, 236, 394]);

/** What `openServerEngine` found out. */
export interface ServerParts {
  /** For people. */
  readonly description: string;
  readonly writerId: string;
  readonly entrances: Entrances;
  readonly readSettings: Settings;
  readonly writeSettings: Settings;
  /** null: one server alone. */
  readonly cluster: {
    readonly layout: ClusterLayout;
    readonly each: EachNode;
    readonly watch: ShardWatch;
  } | null;
  /** The next ID of a statement. */
  readonly nextId: () => string;
}

/** A ClickHouse server, or a cluster of them, over HTTP. */
export class ServerEngine implements Engine {
  readonly description: string;
  readonly writerId: string;
  private readonly underWay = new Set<AbortController>();
  /** Inserts that failed and may be running on all the same. */
  private readonly lingering = new Set<string>();
  private closed = false;

  constructor(private readonly parts: ServerParts) {
    this.description = parts.description;
    this.writerId = parts.writerId;
  }

  async insert(
    { table, columns }: InsertTarget,
    blocks: Uint8Array,
    { timeoutMs = INSERT_TIMEOUT_MS }: Limit = {},
  ): Promise<void> {
    const id = this.parts.nextId();
    const sql = `INSERT INTO ${table} (${columns}) FORMAT Native`;
    await this.within('store rows in', timeoutMs, id, async (signal, deadline) => {
      await this.lingeringEnds(deadline, signal);
      deadline.check();
      try {
        const settings = { ...this.parts.writeSettings, ...limits(timeoutMs) };
        await this.parts.entrances.run({ sql, queryId: id, settings, body: blocks, signal }, false);
      } catch (error) {
        this.lingering.add(id);
        throw error;
      }
    });
  }

  async query(sql: string, { timeoutMs = QUERY_TIMEOUT_MS }: Limit = {}): Promise<Uint8Array> {
    const id = this.parts.nextId();
    return this.within('read from', timeoutMs, id, (signal) => this.read(sql, timeoutMs, { id, signal }));
  }

  /**
   * A shard that is skipped is not told in an answer. So the question is first put to all; where one is away, those that are away are found before and
   * after the answer without them. For a moment they are taken to be away still.
   */
  async queryReachable(sql: string, { timeoutMs = QUERY_TIMEOUT_MS }: Limit = {}): Promise<ReachedRows> {
    const { cluster, nextId } = this.parts;
    if (cluster === null) return { rows: await this.query(sql, { timeoutMs }), unavailable: [] };
    const { watch } = cluster;
    return this.within('read from', timeoutMs, nextId(), async (signal, deadline) => {
      for (let attempt = 1; ; attempt++) {
        deadline.check();
        const before = watch.lately;
        try {
          if (before.length === 0) {
            const rows = await this.read(sql, timeoutMs, { id: nextId(), signal });
            return { rows, unavailable: [] };
          }
          const settings = { skip_unavailable_shards: 1 };
          const rows = await this.read(sql, timeoutMs, { id: nextId(), signal, settings });
          return { rows, unavailable: [...new Set([...before, ...(await watch.look())])] };
        } catch (error) {
          const said = codeOf(error);
          // What no server said is the network's, or that a look took too long.
          const mayPass = said === null || SHARD_AWAY.has(said);
          if (!mayPass || signal.aborted || attempt >= ATTEMPTS) throw error;
        }
        // Where nobody can say who is away, the next attempt tells.
        const away = await watch.look().catch(() => []);
        if (away.length === 0) await sleep(PAUSE_MS * attempt);
      }
    });
  }

  async command(sql: string): Promise<void> {
    const { cluster, entrances, nextId, writeSettings } = this.parts;
    await this.within('change', Number.POSITIVE_INFINITY, nextId(), async (signal) => {
      if (cluster !== null && !sql.startsWith('INSERT ')) await cluster.each.command(sql);
      else await entrances.run({ sql, queryId: nextId(), settings: writeSettings, signal }, false);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const controller of this.underWay) controller.abort();
    await this.parts.entrances.close();
  }

  private read(
    sql: string,
    timeoutMs: number,
    { id, signal, settings = {} }: { id: string; signal: AbortSignal; settings?: Settings },
  ): Promise<Uint8Array> {
    const { cluster, readSettings, entrances } = this.parts;
    return entrances.run(
      {
        sql: cluster === null ? sql : clusterQuestion(sql, cluster.layout),
        queryId: id,
        settings: { ...NATIVE, ...readSettings, ...limits(timeoutMs), ...settings },
        signal,
      },
      true,
    );
  }

  /**
   * Waits until inserts that failed have ended, and sees to it: rows of one process become visible in the order in which they were written, and what was given up
   * must not come after what was stored since.
   */
  private async lingeringEnds(deadline: Deadline, signal: AbortSignal): Promise<void> {
    for (const id of this.lingering) {
      while (await this.isRunning(id, signal)) {
        deadline.check();
        await this.kill(id);
        await sleep(POLL_MS);
      }
      this.lingering.delete(id);
    }
  }

  /** On a node that can't be reached nothing runs for long: what it was sent came from one that it can't reach either. */
  private async isRunning(id: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.read(runningSql(id), QUERY_TIMEOUT_MS, {
      id: this.parts.nextId(),
      signal,
      settings: { skip_unavailable_shards: 1 },
    });
    return readBlocks(answer)[0]!.count('total', 0) > 0;
  }

  /** Ends a statement. What it answers does not matter: one that has ended meanwhile is none to kill. */
  private async kill(id: string): Promise<void> {
    const sql = `KILL QUERY WHERE query_id = ${stringLiteral(id)} ASYNC FORMAT Null`;
    await this.parts.entrances.run({ sql, queryId: this.parts.nextId() }, true).catch(() => undefined);
  }

  /** What comes first: the result or the deadline. After the deadline the work's own end is nobody's matter any more. */
  private async within<T>(
    what: string,
    timeoutMs: number,
    id: string,
    work: (signal: AbortSignal, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    if (this.closed) throw closedError();
    const controller = new AbortController();
    this.underWay.add(controller);
    const deadline = new Deadline(timeoutMs, () => {
      controller.abort();
      void this.kill(id);
    });
    const done = work(controller.signal, deadline).finally(() => this.underWay.delete(controller));
    try {
      return await deadline.race(done);
    } catch (cause) {
      throw this.closed ? closedError() : engineError(`Could not ${what} ${this.description}`, cause);
    }
  }
}

/** `upshot-`, who asks, and a number: a prefix of no other. */
export function statementIds(): { writerId: string; nextId: () => string } {
  const writerId = randomBytes(6).toString('hex');
  let count = 0;
  return { writerId, nextId: () => `upshot-${writerId}-${countLiteral(++count)}.` };
}

function limits(timeoutMs: number): Settings {
  return { max_execution_time: (Math.max(timeoutMs, 1) / 1000).toFixed(3) };
}
