/** What could not be sent, counted; told now and then, so that nothing is lost in silence and no log is filled. */
export class Losses {
  private readonly counts = { spans: 0, records: 0 };
  private untold = 0;
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly endpoint: string,
    private readonly warn: (line: string) => void,
  ) {}

  add(kind: 'spans' | 'records', count: number, why: string): void {
    if (count === 0) return;
    this.counts[kind] += count;
    this.untold += count;
    const now = performance.now();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = now;
    this.say(
      `${this.untold} ${kind} lost (${why}); ${this.total} since the start. Is Upshot at ${this.endpoint}?`,
    );
    this.untold = 0;
  }

  /** One line, whatever the logger does. */
  say(line: string): void {
    try {
      this.warn(`upshot: ${line}`);
    } catch {
      // a logger that throws
    }
  }

  get total(): number {
    return this.counts.spans + this.counts.records;
  }

  get of(): { readonly spans: number; readonly records: number } {
    return { ...this.counts };
  }
}

const TELL_EVERY_MS = 60_000;
