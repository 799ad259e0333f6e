import { decodeSpans, type EntryPoint, type Found } from '@upshot/model';
import { find, type Questioning } from '../Questioning.js';
import { type Candidate, compareCandidates } from './Candidate.js';
import { hasId } from './matchesFilter.js';
import type { WorkflowsMet } from './WorkflowsMet.js';

/** Rows looked at: an ID that more rows share names no few workflows, and is left to the walk. */
const ROWS = 2000;

/** The workflows of which the text is an ID, at any age and without a walk: newest first. Empty where they are more than `most`. */
export function* findByExactId(text: string, most: number, met: WorkflowsMet): Questioning<Candidate[]> {
  const hex = text.toLowerCase();
  const ids = hex === text ? [text] : [text, hex];
  const found = yield* find({
    traceIds: ids,
    spanIds: ids,
    eventIds: [text],
    correlationIds: [text],
    limit: ROWS,
  });
  if (found.more) return [];
  const places = placesOf(found);
  if (places.length > most) return [];
  const candidates = yield* met.resolve(places);
  return candidates.filter(({ graph }) => hasId(graph, text)).sort(compareCandidates);
}

/** One place in each trace, and each record that names no trace. */
function placesOf({ spans, records }: Found): EntryPoint[] {
  const places = new Map<string, EntryPoint>();
  for (const { traceId, spanId, startTimeUnixNano } of decodeSpans(spans)) {
    const known = places.get(traceId);
    if (known && known.timeUnixNano <= startTimeUnixNano) continue;
    places.set(traceId, { timeUnixNano: startTimeUnixNano, traceId, spanId, eventId: '' });
  }
  for (const { timeUnixNano, record } of records) {
    const { traceId, spanId, eventId } = record;
    const place = traceId === '' ? `event ${eventId}` : traceId;
    if (!places.has(place)) places.set(place, { timeUnixNano, traceId, spanId: spanId ?? '', eventId });
  }
  return [...places.values()];
}
