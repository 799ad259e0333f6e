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

/** The keys by which a look-up finds records: all that they have. */
export function keysOfRecordLookup(lookup: Lookup): KeyHalves[] {
  return [
    ...keysOfSpanLookup(lookup),
    ...keys(KeyKind.trace, lookup.traceIds),
    ...keys(KeyKind.span, lookup.spanIds),
  ];
}

function keys(kind: KeyKind, ids: readonly string[] = []): KeyHalves[] {
  return [...new Set(ids)].map((id) => keyOf(kind, id));
}
