import type { Store } from '@upshot/storage';
import { ByTheClock } from './ByTheClock.js';

const CHECK_NANO = 60_000_000_000n;
const NANOS_PER_DAY = 86_400_000_000_000n;

/** Has the store drop its oldest days while it is larger than it may be; the day under way stays, however large it is. */
export class SizeRetention {
  private readonly turns: ByTheClock;
  private warned = false;

  /** `mostBytes`: of live data. `log`: one line for whoever runs the server. */
  constructor(
    private readonly store: Store,
    private readonly mostBytes: number,
    private readonly clock: () => bigint,
    private readonly log: (line: string) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.turns = new ByTheClock(CHECK_NANO, clock, () => this.shrink());
  }

  /** Stops, and waits for what is under way. */
  close(): Promise<void> {
    return this.turns.close();
  }

  private async shrink(): Promise<void> {
    try {
      const today = Number(this.clock() / NANOS_PER_DAY);
      for (;;) {
        const { bytes, oldestDay } = await this.store.statistics();
        if (bytes <= this.mostBytes || oldestDay === null) return;
        if (oldestDay >= today) {
          if (!this.warned) this.log(TOO_SMALL);
          this.warned = true;
          return;
        }
        await this.store.expire(BigInt(oldestDay + 1) * NANOS_PER_DAY);
      }
    } catch (error) {
      // A store that fails now is asked again the next time.
      this.onError(error);
    }
  }
}

const TOO_SMALL =
  'upshot: the telemetry of today alone is larger than --retention-size allows: give it more room, or send less';
