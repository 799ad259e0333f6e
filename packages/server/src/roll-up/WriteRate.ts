/** Over how long rows are counted before the rate is told anew. */
const WINDOW_MS = 1_000;
/** Over so many of these much counts as what comes on the whole: writes that were held up for a moment come all at once afterwards. */
const WINDOWS = 5;

/** Rows written a second. */
export class WriteRate {
  /** Of the windows before this one, the latest first. */
  private before: number[] = [];
  private rows = 0;
  private since: number;

  /** `now`: milliseconds of any clock that goes on. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.since = now();
  }

  add(rows: number): void {
    this.roll();
    this.rows += rows;
  }

  /** Over the last second or so. What the second under way has brought so far counts already: much is noticed at once. */
  get perSecond(): number {
    this.roll();
    return Math.max(this.before[0] ?? 0, this.rows);
  }

  /** Over the last five seconds. */
  get sustained(): number {
    this.roll();
    return this.before.slice(0, WINDOWS - 1).reduce((sum, rows) => sum + rows, this.rows) / WINDOWS;
  }

  private roll(): void {
    const passed = this.now() - this.since;
    if (passed < WINDOW_MS) return;
    const windows = Math.floor(passed / WINDOW_MS);
    // Nobody looked for that long, so nothing came but in the first of them.
    this.before = [
      ...new Array<number>(Math.min(windows, WINDOWS) - 1).fill(0),
      this.rows,
      ...this.before,
    ].slice(0, WINDOWS);
    this.rows = 0;
    this.since += windows * WINDOW_MS;
  }
}
