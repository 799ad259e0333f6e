/** What the outbox uses of a client of `pg`, or of anything with the same `query`. The library itself is never imported. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>;
}

export interface PoolClientLike extends Queryable {
  release(error?: Error | boolean): void;
}

/** `pg.Pool`, as far as it is used. */
export interface PoolLike extends Queryable {
  connect(): Promise<PoolClientLike>;
}
