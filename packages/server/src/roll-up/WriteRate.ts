/** Over how long rows are counted before the rate is told anew. */
const WINDOW_MS = 1_000;

/** Rows written a second, over the last second or so. */
export class WriteRate {
  private rows = 0;
  private since = performance.now();
  private last = 0;

  add(rows: number): void {
    this.roll();
    this.rows += rows;
  }

  /** What the second under way has brought so far counts already: much is noticed at once. */
  get perSecond(): number {
    this.roll();
    return Math.max(this.last, this.rows);
  }

  private roll(): void {
    const now = performance.now();
    const passed = now - this.since;
    if (passed < WINDOW_MS) return;
    this.last = passed > 3 * WINDOW_MS ? 0 : (this.rows / passed) * 1000;
    this.rows = 0;
    this.since = now;
  }
}
