import type { Asking } from '@upshot/causality';
import type { Arrival, Found, Lookup } from '@upshot/model';
import { gatherSpans, NO_ROWS, newestSpans } from '@upshot/storage';
import { find, type Questioning } from '../ask/Questioning.js';
import type { ArrivedRows } from './ArrivedRows.js';
import type { RecentRows } from './RecentRows.js';
import type { SeenLog } from './SeenLog.js';

/** Kinds of ID that only the store can look for. */
const ONLY_STORED = ['spanIds', 'within', 'eventIds', 'correlationIds', 'causationIds', 'linksTo'] as const;

/** What is known without asking the store. */
export interface Recent {
  readonly page: ArrivedRows;
  /** What arrived lately, this page included. */
  readonly rows: RecentRows;
  /** The correlation IDs of all that arrived before; null where that is not known. */
  readonly seen: SeenLog | null;
  /** Traces of which the question has all rows already. */
  readonly given: ReadonlySet<string>;
}

/**
 * Runs a question over what arrived: rows that are at hand are not looked up, and what is looked for near them is looked for among what arrived
 * lately. `watch` sees all the rows on their way.
 */
export function* askingRecent<Answer>(
  question: Asking<Answer>,
  recent: Recent,
  watch: (found: Found) => void,
): Questioning<Answer> {
  let step = question.next();
  while (!step.done) {
    const found = yield* look(step.value, recent);
    watch(found);
    step = question.next(found);
  }
  return step.value;
}

function* look(asked: Lookup, { page, rows, seen, given }: Recent): Questioning<Found> {
  const lookup = near(asked, rows) ?? (seen === null ? asked : withoutNew(asked, rows, seen));
  const { limit } = lookup;
  const traceIds = (lookup.traceIds ?? []).filter((traceId) => !given.has(traceId));
  const atHand = traceIds.filter((traceId) => page.isWhole(traceId));
  if (atHand.length === 0) return yield* stored({ ...lookup, traceIds });
  const spans = gatherSpans(atHand.flatMap((traceId) => page.rowsOf(traceId)));
  const rest = yield* stored({ ...lookup, traceIds: traceIds.filter((traceId) => !page.isWhole(traceId)) });
  const merged = newestSpans([spans, rest.spans], limit);
  return { ...rest, spans: merged.spans, more: rest.more || merged.more };
}

/** The same look-up by the traces and events that are known to have its keys; null where it reaches back to before they are known. */
function near(lookup: Lookup, recent: RecentRows): Lookup | null {
  const { since, limit } = lookup;
  if (since === undefined || since < recent.sinceUnixNano) return null;
  const holders = recent.holders(lookup);
  if (holders === null) return null;
  const { traceIds, eventIds } = idsOf(holders.arrivals);
  if (!holders.isOlder) return { traceIds, eventIds, limit };
  const older = recent.olderOf(lookup);
  return { ...older, traceIds, eventIds: [...eventIds, ...older.eventIds], since, limit };
}

/** The same look-up where IDs that were never met before are looked for among what arrived lately alone. */
function withoutNew(lookup: Lookup, rows: RecentRows, seen: SeenLog): Lookup {
  const { correlationIds = [] } = lookup;
  const isNew = correlationIds.filter((id) => !seen.has(id));
  if (isNew.length === 0) return lookup;
  const known: string[] = [];
  const holders: Arrival[] = [];
  for (const id of isNew) {
    const of = rows.holders({ correlationIds: [id], limit: lookup.limit });
    // So many have it, or have had it, that they are not all known by name.
    if (of === null || of.isOlder) known.push(id);
    else holders.push(...of.arrivals);
  }
  const { traceIds, eventIds } = idsOf(holders);
  return {
    ...lookup,
    correlationIds: [...correlationIds.filter((id) => seen.has(id)), ...known],
    traceIds: [...new Set([...(lookup.traceIds ?? []), ...traceIds])],
    eventIds: [...new Set([...(lookup.eventIds ?? []), ...eventIds])],
  };
}

function idsOf(arrivals: readonly Arrival[]): { readonly traceIds: string[]; readonly eventIds: string[] } {
  return {
    traceIds: arrivals.map(({ traceId }) => traceId).filter((id) => id !== ''),
    eventIds: arrivals.map(({ eventId }) => eventId).filter((id) => id !== ''),
  };
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
