/** How often the clock is looked at. */
const LOOK_MS = 1_000;

/**
 * Does something at once, and again whenever the clock has gone on by so much. By the clock and not by a timer alone: what a machine slept through, or a
 * clock that was set, counts as well.
 */
export class ByTheClock {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void> | null = null;
  private last = 0n;

  /** `clock`: Unix nanoseconds. `work` must not reject; it is not begun again before it has ended. */
  constructor(
    private readonly everyNano: bigint,
    private readonly clock: () => bigint,
    private readonly work: () => Promise<void>,
  ) {
    this.begin();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.timer.unref();
  }

  /** Stops, and waits for what is under way. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private look(): void {
    const passed = this.clock() - this.last;
    if (this.running === null && (passed >= this.everyNano || passed < 0n)) this.begin();
  }

  private begin(): void {
    this.last = this.clock();
    this.running = this.work().finally(() => {
      this.running = null;
    });
  }
}
