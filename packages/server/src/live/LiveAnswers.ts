import { AskError } from '../ask/AskError.js';
import type { Asker } from '../ask/Asker.js';
import type { Question } from '../ask/Question.js';

export interface LiveOptions {
  readonly asker: Asker;
  /** Counts writes that settled: an answer is asked for anew where it moved. */
  readonly writes: () => number;
  /** At most one answer in so many milliseconds, for each question. */
  readonly intervalMs?: number;
  /** Without a write an answer is asked for after so many: states change with the clock, and other processes may write too. */
  readonly quietMs?: number;
  /** Streams at one time. */
  readonly limit?: number;
}

export interface Listener {
  /** The answer as it is now: the first, or one that differs from the last. */
  changed(body: Uint8Array): void;
  /** Nothing can be said any more. */
  ended(): void;
}

interface Watch {
  readonly listeners: Set<Listener>;
  readonly question: () => Question;
  last: Uint8Array;
  writesSeen: number;
  askedAt: number;
  /** How long the last answer took, milliseconds: what is costly is asked for less often. */
  tookMs: number;
  asking: boolean;
}

/** A question is asked anew after at least so many times as long as its answer took; without a write, after more. */
const REST = { changed: 3, quiet: 20 };
const DEFAULTS = { intervalMs: 1000, quietMs: 5000, limit: 200 };

/**
 * Answers that are kept fresh while somebody looks at them. Whoever looks at the same shares one question. An answer that failed is asked
 * for again at the next turn: what is shown stays until there is something newer.
 */
export class LiveAnswers {
  private readonly options: Required<LiveOptions>;
  private readonly watches = new Map<string, Watch>();
  private readonly timer: NodeJS.Timeout;
  private listening = 0;
  private closed = false;

  constructor(options: LiveOptions) {
    this.options = { ...DEFAULTS, ...options };
    this.timer = setInterval(() => this.turn(), this.options.intervalMs);
    this.timer.unref();
  }

  /** Streams that are open. */
  get open(): number {
    return this.listening;
  }

  /**
   * Gives the answer now and whenever it changes, until the function that this resolves with is called; null where nothing is known of what was
   * asked. Rejects with `AskError`.
   * @param name the same for the same question
   */
  async watch(name: string, question: () => Question, listener: Listener): Promise<(() => void) | null> {
    if (this.closed) throw new AskError('unavailable', 'Upshot is shutting down');
    if (this.listening >= this.options.limit) {
      throw new AskError('unavailable', 'Too many live views at once; close some, or ask without /live');
    }
    this.listening++;
    try {
      const writesSeen = this.options.writes();
      const begun = performance.now();
      const first = await this.options.asker.ask(question());
      if (first === null) {
        this.listening--;
        return null;
      }
      const watch = this.watches.get(name) ?? {
        listeners: new Set<Listener>(),
        question,
        last: first,
        writesSeen,
        askedAt: performance.now(),
        tookMs: performance.now() - begun,
        asking: false,
      };
      this.watches.set(name, watch);
      // Who looks already hears what is newer, too.
      if (!isSame(first, watch.last)) this.tell(watch, first);
      watch.listeners.add(listener);
      listener.changed(first);
      return this.leaving(name, watch, listener);
    } catch (error) {
      this.listening--;
      throw error;
    }
  }

  /** Ends all streams. */
  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    for (const watch of this.watches.values()) {
      for (const listener of [...watch.listeners]) listener.ended();
    }
    this.watches.clear();
  }

  private leaving(name: string, watch: Watch, listener: Listener): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.listening--;
      watch.listeners.delete(listener);
      if (watch.listeners.size === 0 && this.watches.get(name) === watch) this.watches.delete(name);
    };
  }

  private turn(): void {
    const now = performance.now();
    const writes = this.options.writes();
    for (const watch of this.watches.values()) {
      const { intervalMs, quietMs } = this.options;
      const since = now - watch.askedAt;
      const isDue =
        writes !== watch.writesSeen
          ? since >= Math.max(intervalMs * 0.9, watch.tookMs * REST.changed)
          : since >= Math.max(quietMs, watch.tookMs * REST.quiet);
      if (isDue && !watch.asking) void this.ask(watch, writes, now);
    }
  }

  private async ask(watch: Watch, writes: number, now: number): Promise<void> {
    watch.asking = true;
    watch.askedAt = now;
    try {
      const body = await this.options.asker.ask(watch.question());
      watch.writesSeen = writes;
      watch.tookMs = performance.now() - now;
      if (body !== null && !isSame(body, watch.last)) this.tell(watch, body);
    } catch (error) {
      // Anything but a failure of this one answer is a fault of ours, and must not end the process either.
      if (!(error instanceof AskError)) watch.writesSeen = -1;
    } finally {
      watch.asking = false;
    }
  }

  private tell(watch: Watch, body: Uint8Array): void {
    watch.last = body;
    for (const listener of [...watch.listeners]) listener.changed(body);
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0;
}
