import { type KeyHalves, KeyKind, keyOf, linkId } from '../keys/lookupKey.js';
import type { EventRecord } from './EventRecord.js';

/** A record as a store keeps it: its identity, its time, its keys and its body. */
export interface StoredRecord {
  /** 32 hex digits: a hash of the canonical JSON of what was received. Equal identities are one record. */
  readonly identity: string;
  readonly timeUnixNano: bigint;
  readonly keys: readonly KeyHalves[];
  readonly record: EventRecord;
}

/** The keys under which a record is found: its event, correlation, causation, trace and span IDs, and the span it was created in. */
export function keysOfRecord(record: EventRecord): KeyHalves[] {
  const keys: KeyHalves[] = [keyOf(KeyKind.event, record.eventId)];
  if (record.correlationId) keys.push(keyOf(KeyKind.correlation, record.correlationId));
  if (record.causationId) keys.push(keyOf(KeyKind.causation, record.causationId));
  if (record.traceId) keys.push(keyOf(KeyKind.trace, record.traceId));
  if (record.spanId) keys.push(keyOf(KeyKind.span, record.spanId));
  if (record.createdIn) {
    keys.push(keyOf(KeyKind.link, linkId(record.createdIn.traceId, record.createdIn.spanId)));
    keys.push(keyOf(KeyKind.trace, record.createdIn.traceId));
  }
  return keys;
}
