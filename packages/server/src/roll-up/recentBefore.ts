import { NEAR_NANO } from '@upshot/causality';
import type { Questioning } from '../ask/Questioning.js';
import { RecentRows } from './RecentRows.js';
import { rowsBetween } from './rowsBetween.js';

/** What arrives now began some seconds ago, and what belongs to it up to a minute before. */
const BEFORE_NANO = NEAR_NANO + 15_000_000_000n;

/**
 * What arrived in the minute before a mark, of which nothing is known after a start or after a time in which not all was looked at: without it the store is asked for each
 * piece of a page who belongs to it, until a minute has passed, and at 20,000 spans a second the background falls behind by more than it makes up for.
 */
export function* recentBefore(mark: bigint | null, isTooMuch: () => boolean): Questioning<RecentRows> {
  if (mark === null) return new RecentRows(0n);
  const from = mark > BEFORE_NANO ? mark - BEFORE_NANO : 0n;
  const recent = new RecentRows(from);
  const take: Parameters<typeof rowsBetween>[2] = (found, after) => recent.add(found, after);
  return (yield* rowsBetween(from, mark, take, isTooMuch)) ? recent : new RecentRows(mark);
}
