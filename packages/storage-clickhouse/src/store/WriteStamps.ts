export interface Settled {
  /** No row will become visible any more with this stamp or an earlier one. */
  readonly stamp: bigint;
  /** Whether another process may have written something that is behind it. */
  readonly waitsForOthers: boolean;
}

/** Says of each write when it came, and up to when all that is visible has settled. */
export interface WriteStamps {
  /** A stamp behind all that were given. */
  next(): bigint;
  /** A stamp behind all that were given, and behind those of all rows that are visible by now, whoever wrote them. */
  beyondAll(): Promise<bigint>;
  /** The stamp of a group of rows that is about to be inserted. */
  begin(): Promise<bigint>;
  /** The group that began last is durable. Not to be called for one that failed. */
  settle(): void;
  settled(): Promise<Settled>;
  /** Says that nothing more is written. */
  close(): Promise<void>;
}
