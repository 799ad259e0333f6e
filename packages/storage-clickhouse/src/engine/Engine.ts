import type { InsertTarget } from '../schema/InsertTarget.js';

/** How long a call may take, in milliseconds, waiting for its turn included. Afterwards it rejects with `timeout`. */
export interface Limit {
  readonly timeoutMs?: number;
}

/** Rows of those parts of the store that answered, and the names of those that did not. */
export interface ReachedRows {
  readonly rows: Uint8Array;
  readonly unavailable: readonly string[];
}

/**
 * What the store asks of a ClickHouse. SQL is the same for every engine; how blocks travel and how a query is cut off is the
 * engine's own. All methods reject with `StorageError`.
 */
export interface Engine {
  /** What a person calls it. Never holds a credential. */
  readonly description: string;
  /** Names this process among those that write to the same tables; null: nobody else can. Its statements can be told by it (`runningSql`). */
  readonly writerId: string | null;
  /**
   * Stores `Native` blocks in a table. Resolves when they survive a crash of the machine. `blocks` MUST stay unchanged until
   * then; and for good where the call rejects, since what was given up may still be under way. A timeout says nothing about
   * whether the rows were stored.
   */
  insert(target: InsertTarget, blocks: Uint8Array, limit?: Limit): Promise<void>;
  /** Runs a SELECT without SETTINGS and answers its rows in `Native`. A query that takes too long is ended. */
  query(sql: string, limit?: Limit): Promise<Uint8Array>;
  /** The same from what can be reached: where a shard does not answer, it is named and its rows are not there. */
  queryReachable(sql: string, limit?: Limit): Promise<ReachedRows>;
  /** Runs a statement that answers nothing: DDL, mutations. Resolves when it is done, however long that takes. */
  command(sql: string): Promise<void>;
  /** Ends what is running and releases everything. May be called twice. */
  close(): Promise<void>;
}
