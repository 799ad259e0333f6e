import { type Arrival, later, type Minute } from '@upshot/model';
import type { NamedText } from '@upshot/storage';
import { CellCache } from './CellCache.js';
import { Heavy } from './Heavy.js';
import { Heeded } from './Heeded.js';
import { Noted } from './Noted.js';
import type { Heard, Noters } from './Noters.js';
import { arrivalName } from './placeNames.js';
import { RecentRows } from './RecentRows.js';
import { Recurring } from './Recurring.js';
import type { SeenLog } from './SeenLog.js';

/** Arrivals that wait, at most: of traces so large that they are not assembled anew each second. */
const MOST_POSTPONED = 10_000;

/** A server that is gone was noticed so long before at the latest, and a store that was away may have kept all from it. */
const TOUCHED_MS = 300_000;
/** Minutes that are read anew at a time: one may have some ten thousand notes. */
const MOST_REFRESHED = 20;

/** Workflows that are looked at again where many notes may not hold any more. */
const NEWEST = 5_000;

/** A server says its version each second, and writes one page of notes after it at most. */
const LAST_WORDS_NANO = 10_000_000_000n;

const SECOND_NANO = 1_000_000_000n;
/** No note of the same time is behind it. */
const FIRST_ID = '0000000000000000';

/** How far the newest notes have been made again. */
interface Newest {
  /** A place: those behind it come next. */
  readonly behind: { readonly timeUnixNano: bigint; readonly id: string } | null;
  readonly left: number;
}

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
  /** Minutes that were written to lately while others noted too, and when: monotonic milliseconds, least recently first. */
  private readonly touched = new Map<Minute, number>();
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
  newest: Newest | null = null;
  private newestBefore: Newest | null = null;
  /** The version of the last notes, Unix nanoseconds. */
  version = 0n;
  /** Less than a millisecond, so that servers whose clocks tell the same one still give different versions. */
  private readonly shift = BigInt(Math.floor(Math.random() * 1_000_000));
  /** A tick has begun and not come to its end: what it remembers to have noted may not have been written. */
  isUnderWay = false;
  /** What arrived until then may have been noted already, Unix nanoseconds. */
  againUntil = 0n;
  /** The next page may have been noted by who ended before it had noted how far it came. */
  isResumed = false;
  /** When states that change by the clock were looked at last, milliseconds. */
  lookedAtClock = Number.NEGATIVE_INFINITY;

  /** Notes that from here on traces are left out. What arrived lately is then no longer known. */
  sample(oneIn: number): void {
    this.sampled ??= { mark: String(this.mark ?? 0n), oneIn };
    this.forget();
  }

  /** The newest workflows are looked at again. Older ones are where they are asked for. */
  lookAtNewest(behind: Newest['behind'] = null): void {
    this.newest = { behind, left: NEWEST };
    this.newestBefore = this.newest;
  }

  /** A tick begins. Where the last one did not end, what it remembered and did not write is doubted. */
  begin(nowUnixNano: bigint): void {
    if (this.isUnderWay) {
      this.noted.doubt(nowUnixNano);
      this.cells = new CellCache(this.cells.newest);
      const before = this.newestBefore;
      if (before !== null && before.left > (this.newest?.left ?? 0)) this.newest = before;
    }
    this.isUnderWay = true;
    this.newestBefore = this.newest;
  }

  /**
   * Whether other servers note as well. Where that changes, what is remembered of notes is not what there is. `left`: one of them is gone, perhaps in the midst
   * of it: behind tallies that it had no time to make right, and notes that nobody else knows of.
   */
  among({ others, left, silentMs }: Heard, nowUnixNano: bigint): void {
    // What one that is gone wrote after it had said its version for the last time must not win over what is made now, even if its clock was ahead.
    if (left) this.version = later(this.version, (this.noters?.newest ?? 0n) + LAST_WORDS_NANO);
    if (!others) {
      // While none notes, what was written since the last look is complete; what was written beside another, before it rested, may not be.
      if (this.shared) for (const minute of this.toRefresh) this.doubted.add(minute);
      this.unread.clear();
      this.lingering = new Set();
    }
    if (left) {
      for (const minute of this.touched.keys()) this.doubted.add(minute);
      // What it may have left half done began before it was heard last.
      this.lookAtNewest({
        timeUnixNano: nowUnixNano - BigInt(Math.round(silentMs * 1e6)) + SECOND_NANO,
        id: FIRST_ID,
      });
    }
    if (!others) this.touched.clear();
    if (left || this.shared !== others) this.noted.doubt(nowUnixNano);
    if (this.shared === others) return;
    this.shared = others;
    this.cells = new CellCache(this.cells.newest);
  }

  /** Notes were written in this minute. */
  touch(minute: Minute, nowMs: number): void {
    this.unread.add(minute);
    if (!this.shared) return;
    this.touched.delete(minute);
    this.touched.set(minute, nowMs);
    for (const [oldest, atMs] of this.touched) {
      if (nowMs - atMs <= TOUCHED_MS) break;
      this.touched.delete(oldest);
    }
  }

  /** Minutes whose tallies must be made of what the store has now. */
  get toRefresh(): readonly Minute[] {
    const doubted = [...this.doubted].slice(0, MOST_REFRESHED);
    return this.shared ? [...this.unread, ...this.lingering, ...doubted] : doubted;
  }

  /** These tallies are made. */
  refreshed(): void {
    for (const minute of [...this.doubted].slice(0, MOST_REFRESHED)) this.doubted.delete(minute);
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
    if (this.mark) this.againUntil = this.mark;
    this.mark = BigInt(this.sampled.mark);
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
