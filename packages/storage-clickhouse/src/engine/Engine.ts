import type { InsertTarget } from '../schema/InsertTarget.js';

/** How long a call may take, in milliseconds, waiting for its turn included. Afterwards it rejects with `timeout`. */
export interface Limit {
  readonly timeoutMs?: number;
}

/**
 * What the store asks of a ClickHouse. SQL is the same for every engine; how blocks travel and how a query is cut off is the
 * engine's own. All methods reject with `StorageError`.
 */
export interface Engine {
  /** What a person calls it. Never holds a credential. */
  readonly description: string;
  /** Whether nobody else can write there: then what this process has not written is not there. */
  readonly exclusive?: boolean;
  /**
   * Stores `Native` blocks in a table. Resolves when they survive a crash of the machine. `blocks` MUST stay unchanged until
   * then; and for good where the call rejects, since what was given up may still be under way. A timeout says nothing about
   * whether the rows were stored.
   */
  insert(target: InsertTarget, blocks: Uint8Array, limit?: Limit): Promise<void>;
  /** Runs a SELECT without SETTINGS and answers its rows in `Native`. A query that takes too long is ended. */
  query(sql: string, limit?: Limit): Promise<Uint8Array>;
  /** Runs a statement that answers nothing: DDL, mutations. Resolves when it is done, however long that takes. */
  command(sql: string): Promise<void>;
  /** Ends what is running and releases everything. May be called twice. */
  close(): Promise<void>;
}
