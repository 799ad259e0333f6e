import type { InsertTarget } from '../schema/InsertTarget.js';

/**
 * What the store asks of a ClickHouse. SQL is the same for every engine; how blocks travel and how a query is cut off is the
 * engine's own. All methods reject with `StorageError`.
 */
export interface Engine {
  /** What a person calls it. Never holds a credential. */
  readonly description: string;
  /**
   * Stores `Native` blocks in a table. Resolves when they survive a crash of the machine. `blocks` stays unchanged until then.
   */
  insert(target: InsertTarget, blocks: Uint8Array): Promise<void>;
  /** Runs a SELECT and answers its rows in `Native`. After `timeoutMs` the query is ended and the call rejects with `timeout`. */
  query(sql: string, options?: { timeoutMs?: number }): Promise<Uint8Array>;
  /** Runs a statement that answers nothing: DDL, mutations. Resolves when it is done. */
  command(sql: string): Promise<void>;
  /** Ends what is running and releases everything. May be called twice. */
  close(): Promise<void>;
}
