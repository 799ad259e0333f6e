import type { EntryPoint } from '@upshot/model';
import { compareEntries } from '@upshot/storage';
import { entries, type Questioning } from '../Questioning.js';

/** A read costs the store about the same for few rows and for many. */
const FIRST_PAGE = 512;
const LARGEST_PAGE = 4096;
const LAST_NANO = 2n ** 64n - 1n;

export interface EntryRange {
  readonly since: bigint | null;
  readonly until: bigint | null;
  /** Where to go on: behind this position, or at it. */
  readonly from: { readonly position: EntryPoint; readonly inclusive: boolean } | null;
}

/** Walks the entry points of a store from the newest to the oldest, each once, a page at a time. */
export class EntryWalk {
  /** The last entry point taken; null before the first. */
  position: EntryPoint | null = null;
  /** True once the last one was taken. */
  ended = false;
  private buffer: EntryPoint[] = [];
  private pageSize = FIRST_PAGE;
  private storeEnded = false;

  constructor(private readonly range: EntryRange) {}

  /** The next entry points that are not `known`: up to `count`, fewer where a page or the store ends. */
  *next(count: number, known: (entry: EntryPoint) => boolean): Questioning<EntryPoint[]> {
    if (this.buffer.length === 0) yield* this.read();
    const taken: EntryPoint[] = [];
    let at = 0;
    for (; at < this.buffer.length && taken.length < count; at++) {
      const entry = this.buffer[at]!;
      this.position = entry;
      if (!known(entry)) taken.push(entry);
    }
    this.buffer = this.buffer.slice(at);
    this.ended = this.storeEnded && this.buffer.length === 0;
    return taken;
  }

  private *read(): Questioning<void> {
    while (this.buffer.length === 0 && !this.storeEnded) {
      const before = this.before();
      const page = yield* entries({
        limit: this.pageSize,
        ...(before === null ? {} : { before }),
        ...(this.range.since === null ? {} : { since: this.range.since }),
      });
      this.storeEnded = page.length < this.pageSize;
      for (const entry of page) if (this.isAhead(entry)) this.buffer.push(entry);
      // A page that holds nothing new is full of entry points of one instant, which `before` can't divide: it must grow beyond all bounds.
      if (this.buffer.length === 0 || this.pageSize < LARGEST_PAGE) this.pageSize *= 2;
    }
    this.ended = this.storeEnded && this.buffer.length === 0;
  }

  /** The store divides by time alone: the instant that was reached is read again. */
  private before(): bigint | null {
    const reached = this.position ?? this.range.from?.position;
    const { until } = this.range;
    if (!reached || reached.timeUnixNano === LAST_NANO) return until;
    const next = reached.timeUnixNano + 1n;
    return until !== null && until < next ? until : next;
  }

  private isAhead(entry: EntryPoint): boolean {
    const last = this.buffer.at(-1) ?? this.position;
    if (last) return compareEntries(last, entry) < 0;
    if (!this.range.from) return true;
    const order = compareEntries(this.range.from.position, entry);
    return order < 0 || (order === 0 && this.range.from.inclusive);
  }
}
