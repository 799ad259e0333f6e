import type { Store } from '@upshot/storage';

const LONGEST_MS = 3_600_000;
const SHORTEST_MS = 60_000;
/** Rows may outlive the retention by this part of it. */
const PART = 20n;
const MILLI = 1_000_000n;

/** Has the store drop what is older than the retention: at once, and then every so often. */
export class Retention {
  private readonly timer: NodeJS.Timeout;
  private running: Promise<void>;

  constructor(
    private readonly store: Store,
    private readonly retentionNano: bigint,
    private readonly clock: () => bigint,
    private readonly onError: (error: unknown) => void,
  ) {
    this.running = this.expire();
    const interval = Number(retentionNano / PART / MILLI);
    this.timer = setInterval(
      () => {
        this.running = this.expire();
      },
      Math.min(LONGEST_MS, Math.max(SHORTEST_MS, interval)),
    );
    this.timer.unref();
  }

  /** Stops, and waits for what is under way. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async expire(): Promise<void> {
    const before = this.clock() - this.retentionNano;
    // A store that fails now is asked again the next time.
    if (before > 0n) await this.store.expire(before).catch(this.onError);
  }
}
