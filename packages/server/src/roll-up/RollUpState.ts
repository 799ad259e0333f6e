import { type Arrival, later, type Minute } from '@upshot/model';
import type { NamedText } from '@upshot/storage';
import { CellCache } from './CellCache.js';
import { Heavy } from './Heavy.js';
import { Heeded } from './Heeded.js';
import { Noted } from './Noted.js';
import type { Noters } from './Noters.js';
import { arrivalName } from './placeNames.js';
import { RecentRows } from './RecentRows.js';
import { Recurring } from './Recurring.js';
import type { SeenLog } from './SeenLog.js';

/** Arrivals that wait, at most: of traces so large that they are not assembled anew each second. */
const MOST_POSTPONED = 10_000;

/** Minutes, at most: those of a week. */
const MOST_TOUCHED = 10_000;

/** Workflows that are looked at again where many notes may not hold any more. */
const NEWEST = 5_000;

/** Where and how traces began to be left out. */
export interface SampledFrom {
  /** As a decimal string: it goes into a document. */
  readonly mark: string;
  readonly oneIn: number;
}

/** What the thread that rolls up keeps between two ticks. All of it can be lost: the store has what it takes to go on. */
export class RollUpState {
  cells = new CellCache();
  /** Other servers note in the same store now: what this one remembers is not all there is. */
  shared = false;
  /** The servers that may note in the same store; null: this one has it alone. */
  noters: Noters | null = null;
  noted = new Noted();
  readonly heavy = new Heavy();
  readonly heeded = new Heeded();
  /** Attributes that many workflows have. */
  readonly recurring = new Recurring();
  readonly postponed = new Map<string, Arrival>();
  /** Minutes that were written to since it was read, or known, what other servers noted in them. */
  private readonly unread = new Set<Minute>();
  /** Minutes whose tallies were made in the last tick: once more, then whoever noted in them at the same time has said by which versions. */
  private lingering: ReadonlySet<Minute> = new Set();
  /** Minutes that were written to while others noted too. */
  private readonly touched = new Set<Minute>();
  /** Minutes whose tallies somebody may have left wrong. */
  private readonly doubted = new Set<Minute>();
  /** What arrived lately. */
  recent = new RecentRows();
  /** The correlation IDs of all that was looked at since the beginning of the store; null where that is not known. */
  seen: SeenLog | null = null;
  /** What puts an end to the documents of servers that have ended, when this one has written its own. */
  outlived: readonly NamedText[] = [];
  /** How far arrivals have been followed; undefined: not read yet, null: from the beginning. */
  mark: bigint | null | undefined;
  /** From where on only a sample was looked at; null: nothing was left out. */
  sampled: SampledFrom | null = null;
  /** Names the conventions of the last tick; null: there was none. */
  rules: string | null = null;
  /** How far the newest notes have been made again; null: there is nothing to do. */
  newest: { readonly behind: { timeUnixNano: bigint; id: string } | null; readonly left: number } | null =
    null;
  /** The version of the last notes, Unix nanoseconds. */
  version = 0n;
  /** Less than a millisecond, so that servers whose clocks tell the same one still give different versions. */
  private readonly shift = BigInt(Math.floor(Math.random() * 1_000_000));
  /** When states that change by the clock were looked at last, milliseconds. */
  lookedAtClock = Number.NEGATIVE_INFINITY;

  /** Notes that from here on traces are left out. What arrived lately is then no longer known. */
  sample(oneIn: number): void {
    this.sampled ??= { mark: String(this.mark ?? 0n), oneIn };
    this.forget();
  }

  /** The newest workflows are looked at again. Older ones are where they are asked for. */
  lookAtNewest(): void {
    this.newest = { behind: null, left: NEWEST };
  }

  /**
   * Whether other servers note as well. Where that changes, what is remembered of notes is not what there is. `left`: one of them is gone, perhaps in the midst
   * of it: behind tallies that it had no time to make right, and notes that nobody else knows of.
   */
  among({ others, left }: { readonly others: boolean; readonly left: boolean }, nowUnixNano: bigint): void {
    if (!others) {
      // While none notes, what was written since the last look is complete; what was written beside another, before it rested, may not be.
      if (this.shared) for (const minute of this.toRefresh) this.doubted.add(minute);
      this.unread.clear();
      this.lingering = new Set();
    }
    if (left) {
      for (const minute of this.touched) this.doubted.add(minute);
      this.lookAtNewest();
    }
    if (!others) this.touched.clear();
    if (left || this.shared !== others) this.noted.doubt(nowUnixNano);
    if (this.shared === others) return;
    this.shared = others;
    this.cells = new CellCache(this.cells.newest);
  }

  /** Notes were written in this minute. */
  touch(minute: Minute): void {
    this.unread.add(minute);
    if (this.shared && this.touched.size < MOST_TOUCHED) this.touched.add(minute);
  }

  /** Minutes whose tallies must be made of what the store has now. */
  get toRefresh(): readonly Minute[] {
    return this.shared ? [...this.unread, ...this.lingering, ...this.doubted] : [...this.doubted];
  }

  /** These tallies are made. */
  refreshed(): void {
    this.doubted.clear();
    if (!this.shared) return;
    this.lingering = new Set(this.unread);
    this.unread.clear();
  }

  /** What arrived lately is no longer known. */
  forget(): void {
    this.recent = new RecentRows();
  }

  /** To where traces began to be left out: everything since is looked at again, in order. */
  goBack(): void {
    if (this.sampled === null) return;
    const mark = BigInt(this.sampled.mark);
    this.mark = mark;
    this.sampled = null;
    this.forget();
  }

  /** As if nothing had been noted yet. */
  beginAnew(seen: SeenLog): void {
    this.cells = new CellCache();
    this.noted = new Noted();
    this.postponed.clear();
    this.unread.clear();
    this.lingering = new Set();
    this.touched.clear();
    this.doubted.clear();
    this.forget();
    this.sampled = null;
    this.mark = null;
    this.seen = seen;
    this.outlived = [];
  }

  /** Versions grow whatever the clock does, and beyond those of servers whose clock is ahead: a later one must win. */
  nextVersion(nowUnixNano: bigint): bigint {
    const newest = later(later(this.version, this.cells.newest), this.noters?.newest ?? -1n);
    const now = nowUnixNano + this.shift;
    this.version = now > newest ? now : newest + 1n + this.shift;
    return this.version;
  }

  postpone(arrival: Arrival): void {
    if (this.postponed.size < MOST_POSTPONED) this.postponed.set(arrivalName(arrival), arrival);
  }
}
