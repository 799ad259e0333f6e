/** When writes begin. All times in milliseconds of one clock. */
export interface PaceOptions {
  /** So many rows are written as soon as the store is free. */
  readonly enoughRows: number;
  /** A write waits until nothing has been added for so long: whoever sends with others waits for them. */
  readonly companyMs: number;
  /** But it waits no longer than this, once the store is free. */
  readonly gatherMs: number;
  /**
   * Writes of few rows (below `smallRows`) begin so far apart on average: small inserts cost the store more than they carry. After a quiet
   * time `burst` of them may follow each other at once, so that a few requests one after the other need not wait.
   */
  readonly intervalMs: number;
  readonly smallRows: number;
  readonly burst: number;
}

/** Rows that wait to be written. */
export interface Waiting {
  readonly rows: number;
  /** When the first and the last of them were added. */
  readonly since: number;
  readonly lastAdded: number;
}

/**
 * Decides when the next write is due, from what waits and from the writes before.
 *
 * Each acknowledgement sends senders off to bring their next rows. Writing at the very moment when the store is free would split them into
 * two camps that wait for each other's writes, each of half the rows; a few milliseconds of patience bring them together again.
 */
export class WritePace {
  private lastEnd = Number.NEGATIVE_INFINITY;
  /** Time saved up by quiet, as of `savedAt`: small writes spend it. */
  private saved: number;
  private savedAt: number;

  constructor(
    private readonly options: PaceOptions,
    now: number,
  ) {
    this.saved = options.burst * options.intervalMs;
    this.savedAt = now;
  }

  /** When a write of what waits should begin; in the past where it should begin at once. The store is free. */
  due({ rows, since, lastAdded }: Waiting): number {
    const { companyMs, enoughRows, gatherMs, intervalMs } = this.options;
    if (rows >= enoughRows) return Number.NEGATIVE_INFINITY;
    const gathered = Math.min(
      Math.max(lastAdded, this.lastEnd) + companyMs,
      Math.max(since, this.lastEnd) + gatherMs,
    );
    const missing = this.cost(rows) - this.saved;
    const afforded = missing <= 0 ? Number.NEGATIVE_INFINITY : this.savedAt + missing;
    return Math.max(gathered, Math.min(afforded, since + intervalMs));
  }

  began(now: number, rows: number): void {
    this.saved = Math.max(0, this.savedBy(now) - this.cost(rows));
    this.savedAt = now;
  }

  ended(now: number): void {
    this.lastEnd = now;
  }

  private savedBy(now: number): number {
    const { burst, intervalMs } = this.options;
    return Math.min(burst * intervalMs, this.saved + now - this.savedAt);
  }

  private cost(rows: number): number {
    const { intervalMs, smallRows } = this.options;
    return intervalMs * Math.max(0, 1 - rows / smallRows);
  }
}
