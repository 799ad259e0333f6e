import { type KeyHalves, KeyKind, keyOf, type Lookup, linkId } from '@upshot/model';

/** The keys by which a look-up finds spans. Trace and span IDs are none of them: spans have columns for these. */
export function keysOfSpanLookup(lookup: Lookup): KeyHalves[] {
  return [
    ...keys(KeyKind.event, lookup.eventIds),
    ...keys(KeyKind.correlation, lookup.correlationIds),
    ...keys(KeyKind.causation, lookup.causationIds),
    ...keys(
      KeyKind.link,
      lookup.linksTo?.map(({ traceId, spanId }) => linkId(traceId, spanId)),
    ),
  ];
}

/** The keys by which a look-up finds records: all that they have. `ofSpans`: those of spans, where the caller has them. */
export function keysOfRecordLookup(
  lookup: Lookup,
  ofSpans: readonly KeyHalves[] = keysOfSpanLookup(lookup),
): KeyHalves[] {
  return [...ofSpans, ...keys(KeyKind.trace, lookup.traceIds), ...keys(KeyKind.span, lookup.spanIds)];
}

/** Keys of spans that may be left out of what is found. Their traces are told by a column. */
export function keysLeftOutOfSpans({ except }: Lookup): KeyHalves[] {
  return keys(KeyKind.correlation, except?.correlationIds);
}

/** The same for records. */
export function keysLeftOutOfRecords({ except }: Lookup): KeyHalves[] {
  return [...keys(KeyKind.correlation, except?.correlationIds), ...keys(KeyKind.trace, except?.traceIds)];
}

function keys(kind: KeyKind, ids: readonly string[] = []): KeyHalves[] {
  return [...new Set(ids)].map((id) => keyOf(kind, id));
}
