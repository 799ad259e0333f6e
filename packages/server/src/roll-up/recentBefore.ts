import { NEAR_NANO } from '@upshot/causality';
import type { Arrived, Questioning, Want } from '../ask/Questioning.js';
import { mustBeWhole } from './mustBeWhole.js';
import { RecentRows } from './RecentRows.js';

/** What arrives now began some seconds ago, and what belongs to it up to a minute before. */
const BEFORE_NANO = NEAR_NANO + 15_000_000_000n;
/** Traces of a page. The store ends it at some 60,000 rows. */
const TRACES = 8_192;
/** Rows beyond which it is not worth while: at 12 µs each the background would stand still for more than half a minute. */
const MOST_ROWS = 3_000_000;

/**
 * What arrived in the minute before a mark, of which nothing is known after a start or after a time in which not all was looked at: without it the store is asked for each
 * piece of a page who belongs to it, until a minute has passed, and at 20,000 spans a second the background falls behind by more than it makes up for.
 */
export function* recentBefore(mark: bigint | null, isTooMuch: () => boolean): Questioning<RecentRows> {
  if (mark === null) return new RecentRows(0n);
  let after = mark > BEFORE_NANO ? mark - BEFORE_NANO : 0n;
  const recent = new RecentRows(after);
  let rows = 0;
  while (after < mark) {
    const wanted: Want = { type: 'arrived', after, limit: TRACES, oneIn: 1, until: mark };
    const { page, found } = (yield wanted) as Arrived;
    rows += page.rows;
    if (rows > MOST_ROWS || isTooMuch()) return new RecentRows(mark);
    if (found !== null) {
      mustBeWhole(found);
      recent.add(found, after);
    }
    if (!page.more || page.reached >= mark) break;
    after = page.reached;
  }
  return recent;
}
