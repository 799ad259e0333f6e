import type { Store } from '@upshot/storage';
import { ByTheClock } from './ByTheClock.js';

const LONGEST_NANO = 3_600_000_000_000n;
const SHORTEST_NANO = 60_000_000_000n;
/** Rows may outlive the retention by this part of it. */
const PART = 20n;

/** Has the store drop what is older than the retention: at once, and then every so often. */
export class Retention {
  private readonly turns: ByTheClock;

  constructor(
    private readonly store: Store,
    private readonly retentionNano: bigint,
    private readonly clock: () => bigint,
    private readonly onError: (error: unknown) => void,
  ) {
    const part = retentionNano / PART;
    const every = part > LONGEST_NANO ? LONGEST_NANO : part < SHORTEST_NANO ? SHORTEST_NANO : part;
    this.turns = new ByTheClock(every, clock, () => this.expire());
  }

  /** Stops, and waits for what is under way. */
  close(): Promise<void> {
    return this.turns.close();
  }

  private async expire(): Promise<void> {
    const before = this.clock() - this.retentionNano;
    // A store that fails now is asked again the next time.
    if (before > 0n) await this.store.expire(before).catch(this.onError);
  }
}
