import type { Losses } from './Losses.js';

/** How a batch fared: it is there, it may be tried again, in smaller parts, or it never will be taken. */
export type Fate = 'sent' | 'again' | 'too-large' | { readonly refused: string };

export interface OutboxOptions<Item> {
  readonly kind: 'spans' | 'records';
  /** Items that are kept while they can't be sent; beyond it the newest are lost, and counted. */
  readonly most: number;
  readonly batch: number;
  readonly everyMs: number;
  readonly losses: Losses;
  /** Never rejects. */
  readonly send: (items: Item[]) => Promise<Fate>;
}

/** Milliseconds between tries while Upshot is away: doubled each time from the first to the last. */
const FIRST_BACK_OFF_MS = 500;
const LAST_BACK_OFF_MS = 15_000;

/** A bounded queue that sends in batches, one at a time and in order, and keeps what could not be sent for another try. */
export class Outbox<Item> {
  private readonly queue: Item[] = [];
  private sending: Promise<boolean> | null = null;
  private timer: NodeJS.Timeout | null = null;
  private backOffMs = 0;
  private closed = false;
  /** Items that go together: fewer for a while after a batch that was too large. */
  private size: number;

  constructor(private readonly options: OutboxOptions<Item>) {
    this.size = options.batch;
  }

  /** What waits, what is being sent included. */
  get pending(): number {
    return this.queue.length;
  }

  add(item: Item): void {
    const { most, batch, kind, losses, everyMs } = this.options;
    if (this.closed) losses.add(kind, 1, 'made after the shutdown');
    else if (this.queue.length >= most) losses.add(kind, 1, `more than ${most} wait to be sent`);
    else {
      this.queue.push(item);
      if (this.queue.length >= batch && this.backOffMs === 0) void this.sendOne();
      else this.later(this.backOffMs || everyMs);
    }
  }

  /** Sends what waits: true once all is sent, false where Upshot is away or did not answer within `withinMs`. */
  async flush(withinMs: number): Promise<boolean> {
    // The clock of the day may be put back meanwhile.
    const deadline = performance.now() + withinMs;
    while (this.queue.length > 0) {
      const left = deadline - performance.now();
      if (left <= 0 || !(await within(this.sendOne(), left))) return false;
    }
    return true;
  }

  async close(withinMs: number): Promise<void> {
    await this.flush(withinMs);
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    const { losses, kind } = this.options;
    losses.add(kind, this.queue.length, 'not sent by the time of the shutdown');
    this.queue.length = 0;
  }

  private later(ms: number): void {
    if (this.timer !== null || this.sending !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.sendOne();
    }, ms);
    this.timer.unref();
  }

  /** Sends one batch, or waits for the one that is under way; whether it went. */
  private sendOne(): Promise<boolean> {
    this.sending ??= this.batch().finally(() => {
      this.sending = null;
      if (this.queue.length > 0 && !this.closed)
        this.later(this.backOffMs || (this.isFull ? 0 : this.options.everyMs));
    });
    return this.sending;
  }

  private get isFull(): boolean {
    return this.queue.length >= this.options.batch;
  }

  private async batch(): Promise<boolean> {
    const { batch, send, losses, kind } = this.options;
    const items = this.queue.slice(0, this.size);
    if (items.length === 0) return true;
    const fate = await send(items);
    if (fate === 'too-large' && items.length > 1) {
      this.size = Math.ceil(items.length / 2);
      return true;
    }
    if (fate === 'again') {
      this.backOffMs = Math.min(LAST_BACK_OFF_MS, this.backOffMs * 2 || FIRST_BACK_OFF_MS);
      return false;
    }
    this.queue.splice(0, items.length);
    this.backOffMs = 0;
    this.size = Math.min(batch, this.size * 2);
    if (fate !== 'sent')
      losses.add(kind, items.length, fate === 'too-large' ? 'larger than Upshot takes' : fate.refused);
    return true;
  }
}

function within(promise: Promise<boolean>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void promise.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
