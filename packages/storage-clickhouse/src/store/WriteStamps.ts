/** Says of each write when it came, and up to when all that is visible has settled. */
export interface WriteStamps {
  /** A stamp behind all that were given. */
  next(): bigint;
  /** The stamp of a group of rows that is about to be inserted. */
  begin(): Promise<bigint>;
  /** The group that began last is durable. Not to be called for one that failed. */
  settle(): void;
  /** No row will become visible any more with this stamp or an earlier one. */
  settled(): Promise<bigint>;
  /** Says that nothing more is written. */
  close(): Promise<void>;
}
