import type { Found } from '@upshot/model';
import type { Arrived, Questioning, Want } from '../ask/Questioning.js';
import { mustBeWhole } from './mustBeWhole.js';

/** Traces of a page. The store ends it at some 60,000 rows. */
const TRACES = 8_192;
/** Rows beyond which it is not worth while: at 12 µs each the background would stand still for more than half a minute. */
const MOST_ROWS = 3_000_000;

/**
 * Takes what arrived after one mark up to another, page by page, each with what arrived before it. Returns false where that is too much, or `isTooMuch` says that it is: then
 * not all was taken.
 */
export function* rowsBetween(
  from: bigint,
  until: bigint,
  take: (found: Found, after: bigint) => void,
  isTooMuch: () => boolean = () => false,
): Questioning<boolean> {
  let rows = 0;
  for (let after = from; after < until; ) {
    const wanted: Want = { type: 'arrived', after, limit: TRACES, oneIn: 1, until };
    const { page, found } = (yield wanted) as Arrived;
    rows += page.rows;
    if (rows > MOST_ROWS || isTooMuch()) return false;
    if (found !== null) {
      mustBeWhole(found);
      take(found, after);
    }
    if (!page.more || page.reached >= until) break;
    after = page.reached;
  }
  return true;
}
