import type { Found, Span } from '@upshot/model';

/** How many actions begin among rows, at most: traces and events that hold something which names no cause. */
export function countBeginnings(spans: readonly Span[], records: Found['records']): number {
  const beginnings = new Set<string>();
  for (const { traceId, parentSpanId, links } of spans)
    if (parentSpanId === '' && links.length === 0) beginnings.add(traceId);
  for (const { record } of records) {
    const isFirst = record.consumerName === null && record.causationId === null;
    if (isFirst && record.parentSpanId === null && record.createdIn === null)
      beginnings.add(record.traceId === '' ? record.eventId : record.traceId);
  }
  return beginnings.size;
}
