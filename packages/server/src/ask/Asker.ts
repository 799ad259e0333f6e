import type { Store } from '@upshot/storage';
import { AskError } from './AskError.js';
import { type AskLimits, DEFAULT_ASK_LIMITS } from './AskLimits.js';
import { LargeTurns } from './LargeTurns.js';
import type { Question } from './Question.js';
import { AskThread } from './thread/AskThread.js';

export interface AskerOptions {
  readonly store: Store;
  readonly limits?: Partial<AskLimits>;
  /** Hears of threads that ended by themselves: out of memory, or stuck. */
  readonly onThreadEnd?: (error: Error | null) => void;
}

/** Answers questions on threads beside the main one; at most so many at a time, in the order of asking. */
export class Asker {
  private readonly store: Store;
  private readonly limits: AskLimits;
  private readonly onThreadEnd: (error: Error | null) => void;
  private readonly large: LargeTurns;
  private threads: AskThread[] = [];
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private closed = false;

  constructor(options: AskerOptions) {
    this.store = options.store;
    this.limits = { ...DEFAULT_ASK_LIMITS, ...options.limits };
    this.large = new LargeTurns(this.limits.largeWaiting);
    this.onThreadEnd = options.onThreadEnd ?? (() => {});
  }

  /** UTF-8 of the answer; null where nothing is known of what was asked. Rejects with `AskError`. */
  async ask(question: Question, signal?: AbortSignal): Promise<Uint8Array | null> {
    if (this.closed) throw new AskError('unavailable', 'Upshot is shutting down');
    const deadline = performance.now() + this.limits.timeoutMs;
    await this.turn();
    try {
      if (signal?.aborted) throw new AskError('unavailable', 'The caller left');
      if (performance.now() >= deadline)
        throw new AskError('timeout', 'Too many questions at once; try again');
      return await this.thread().ask(question, deadline, signal);
    } finally {
      // The turn is handed on, not given back: nobody who asks now overtakes who waits.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }

  /** Starts the first thread before the first question needs it. */
  warm(): void {
    this.thread();
  }

  /** Fails what is under way and ends the threads. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  private async turn(): Promise<void> {
    if (this.running < this.limits.concurrent) {
      this.running++;
      return;
    }
    if (this.waiting.length >= this.limits.waiting) {
      throw new AskError('unavailable', 'Too many questions at once; try again');
    }
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** The thread with the least to do, one with a large answer last; a further one where all have work and there may be one more. */
  private thread(): AskThread {
    let least: AskThread | undefined;
    for (const thread of this.threads) if (!least || thread.load < least.load) least = thread;
    if (least && (least.load === 0 || this.threads.length >= this.limits.threads)) return least;
    const started = new AskThread(this.store, this.limits, this.large, (thread, error) => {
      this.threads = this.threads.filter((other) => other !== thread);
      if (!this.closed) this.onThreadEnd(error);
    });
    this.threads.push(started);
    return started;
  }
}
