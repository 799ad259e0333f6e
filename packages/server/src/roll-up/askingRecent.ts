import type { Asking } from '@upshot/causality';
import type { Found, Lookup } from '@upshot/model';
import { NO_ROWS, newestSpans } from '@upshot/storage';
import { find, type Questioning } from '../ask/Questioning.js';
import type { ArrivedRows } from './ArrivedRows.js';
import type { RecentRows } from './RecentRows.js';

/** Kinds of ID that only the store can look for. */
const ONLY_STORED = ['spanIds', 'within', 'eventIds', 'correlationIds', 'causationIds', 'linksTo'] as const;

/**
 * Runs a question over what arrived: rows that are at hand are not looked up, and what is looked for near them is looked for among what arrived
 * lately. `watch` sees all the rows on their way.
 */
export function* askingRecent<Answer>(
  question: Asking<Answer>,
  page: ArrivedRows,
  recent: RecentRows,
  watch: (found: Found) => void,
): Questioning<Answer> {
  let step = question.next();
  while (!step.done) {
    const found = yield* look(step.value, page, recent);
    watch(found);
    step = question.next(found);
  }
  return step.value;
}

function* look(asked: Lookup, page: ArrivedRows, recent: RecentRows): Questioning<Found> {
  const lookup = near(asked, recent) ?? asked;
  const { traceIds = [], limit } = lookup;
  const atHand = traceIds.filter((traceId) => page.whole.has(traceId));
  if (atHand.length === 0) return yield* stored(lookup);
  const { spans } = page.of(atHand.map((traceId) => ({ traceId, eventId: '' })));
  const rest = yield* stored({ ...lookup, traceIds: traceIds.filter((traceId) => !page.whole.has(traceId)) });
  const merged = newestSpans([spans, rest.spans], limit);
  return { ...rest, spans: merged.spans, more: rest.more || merged.more };
}

/** The same look-up by the traces and events that are known to have its keys; null where it reaches back to before they are known. */
function near(lookup: Lookup, recent: RecentRows): Lookup | null {
  const { since, limit } = lookup;
  if (since === undefined || since < recent.sinceUnixNano) return null;
  const holders = recent.holders(lookup);
  if (holders === null) return null;
  const traceIds = holders.map(({ traceId }) => traceId).filter((id) => id !== '');
  const eventIds = holders.map(({ eventId }) => eventId).filter((id) => id !== '');
  return { traceIds, ...(eventIds.length === 0 ? {} : { eventIds }), limit };
}

function* stored(lookup: Lookup): Questioning<Found> {
  const isEmpty =
    (lookup.traceIds?.length ?? 0) === 0 && ONLY_STORED.every((kind) => (lookup[kind]?.length ?? 0) === 0);
  return isEmpty ? NOTHING : yield* find(lookup);
}

const NOTHING: Found = {
  spans: NO_ROWS,
  records: [],
  logs: NO_ROWS,
  more: false,
  unavailable: [],
};
