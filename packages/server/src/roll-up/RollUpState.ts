import type { Arrival } from '@upshot/model';
import { CellCache } from './CellCache.js';
import { Heavy } from './Heavy.js';
import { Noted } from './Noted.js';
import { arrivalName } from './placeNames.js';
import { RecentRows } from './RecentRows.js';

/** Arrivals that wait, at most: of traces so large that they are not assembled anew each second. */
const MOST_POSTPONED = 10_000;

/** What the thread that rolls up keeps between two ticks. All of it can be lost: the store has what it takes to go on. */
export class RollUpState {
  /** Every store that there is so far is used by one process alone. */
  readonly cells = new CellCache(false);
  readonly noted = new Noted();
  readonly heavy = new Heavy();
  readonly postponed = new Map<string, Arrival>();
  private recent: RecentRows | null = null;
  /** How far arrivals have been followed; undefined: not read yet, null: from the beginning. */
  mark: bigint | null | undefined;
  /** The version of the last notes, Unix nanoseconds. */
  version = 0n;
  /** When states that change by the clock were looked at last, milliseconds. */
  lookedAtClock = Number.NEGATIVE_INFINITY;

  /** What arrived lately; known from the first time on that it was asked for. */
  recentAt(nowUnixNano: bigint): RecentRows {
    this.recent ??= new RecentRows(nowUnixNano);
    return this.recent;
  }

  /** Versions grow whatever the clock does: a later one must win. */
  nextVersion(nowUnixNano: bigint): bigint {
    this.version = nowUnixNano > this.version ? nowUnixNano : this.version + 1n;
    return this.version;
  }

  postpone(arrival: Arrival): void {
    if (this.postponed.size < MOST_POSTPONED) this.postponed.set(arrivalName(arrival), arrival);
  }
}
