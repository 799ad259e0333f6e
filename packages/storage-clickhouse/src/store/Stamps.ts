import type { Settled, WriteStamps } from './WriteStamps.js';

/**
 * The stamps of a process that alone writes to its store.
 *
 * Stamps are Unix nanoseconds of the clock, and strictly increasing even where the clock is not. One group of writes is under way at a time. A write that was
 * given up may still be storing its rows; the engine runs inserts one after the other, so it has ended when a later one has succeeded.
 */
export class Stamps implements WriteStamps {
  private last: bigint;
  /** The first of the groups that may not have settled. */
  private held: bigint | null = null;

  /** `clock`: Unix milliseconds. `newest`: the last stamp in the store, so that stamps increase over restarts too. */
  constructor(
    private readonly clock: () => number,
    newest: bigint,
  ) {
    const now = this.now();
    this.last = now > newest ? now : newest;
  }

  next(): bigint {
    const now = this.now();
    this.last = now > this.last ? now : this.last + 1n;
    return this.last;
  }

  async beyondAll(): Promise<bigint> {
    return this.next();
  }

  /** The stamp of a group whose rows are about to be inserted. */
  async begin(): Promise<bigint> {
    const stamp = this.next();
    this.held ??= stamp;
    return stamp;
  }

  /** The group that began last is durable. Not to be called for one that failed. */
  settle(): void {
    this.held = null;
  }

  async settled(): Promise<Settled> {
    return { stamp: this.settledNow, waitsForOthers: false };
  }

  async close(): Promise<void> {}

  /** No row will become visible any more with this stamp or an earlier one. */
  get settledNow(): bigint {
    return this.held === null ? this.last : this.held - 1n;
  }

  /** Whether no group is under way. */
  get isSettled(): boolean {
    return this.held === null;
  }

  /** Every further stamp is behind this one as well. */
  raise(stamp: bigint): void {
    if (stamp > this.last) this.last = stamp;
  }

  private now(): bigint {
    return BigInt(Math.max(0, Math.floor(this.clock()))) * 1_000_000n;
  }
}
