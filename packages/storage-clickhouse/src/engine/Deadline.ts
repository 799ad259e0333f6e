import { StorageError } from '@upshot/storage';

/** When a call must end. It begins to count when it is made. */
export class Deadline {
  private readonly endsAt: number;
  /** Timers fire up to a millisecond early. What was told to be late is late from then on. */
  private isOver = false;

  /** `late` is called once if the time runs out while a race is on: end what is running there. */
  constructor(
    private readonly timeoutMs: number,
    private readonly late: () => void,
  ) {
    this.endsAt = performance.now() + timeoutMs;
  }

  /** Throws `timeout` where the time is up: what nobody waits for any more need not begin. */
  check(): void {
    if (this.isOver || performance.now() >= this.endsAt) throw this.error();
  }

  /** What `work` comes to, or `timeout` when the time is up before. */
  async race<T>(work: Promise<T>): Promise<T> {
    if (!Number.isFinite(this.endsAt)) return work;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          this.isOver = true;
          reject(this.error());
          this.late();
        },
        Math.max(0, this.endsAt - performance.now()),
      );
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      clearTimeout(timer);
    }
  }

  private error(): StorageError {
    return new StorageError('timeout', `The store took longer than ${this.timeoutMs} ms.`);
  }
}
