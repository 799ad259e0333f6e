import { decodeSpans, type EntryPoint, type Found } from '@upshot/model';
import type { ListQuestion, Question } from '../Question.js';
import { find, type Questioning } from '../Questioning.js';
import { type Candidate, candidatesAt, compareCandidates } from './candidatesAt.js';
import { hasId } from './matchesFilter.js';

/** Rows looked at: an ID that more rows share names no few workflows, and is left to the notes. */
const ROWS = 2000;

/** The workflows of which `q` is an ID and that pass all filters, noted or not: newest first. Empty where they are more than `most`. */
export function* findByExactId(
  text: string,
  most: number,
  question: Pick<ListQuestion, 'filter' | 'since' | 'until'> & Pick<Question, 'nowUnixNano' | 'conventions'>,
): Questioning<Candidate[]> {
  const { filter, since, until } = question;
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
  const candidates = yield* candidatesAt(places, filter, question);
  return candidates
    .filter(({ graph, passes, position: { timeUnixNano } }) => {
      const isInRange = (since === null || timeUnixNano >= since) && (until === null || timeUnixNano < until);
      return passes && isInRange && hasId(graph, text);
    })
    .sort(compareCandidates);
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
