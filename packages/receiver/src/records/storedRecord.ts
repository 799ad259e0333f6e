import { createHash } from 'node:crypto';
import { type EventRecord, keysOfRecord, type StoredRecord } from '@upshot/model';

/** A record with its identity: the first 128 bits, in hex, of the SHA-256 of the canonical JSON of what was received. */
export function storedRecord(record: EventRecord, canonical: string): StoredRecord {
  return {
    identity: createHash('sha256').update(canonical).digest('hex').slice(0, 32),
    timeUnixNano: BigInt(record.startTimeUnixNano),
    keys: keysOfRecord(record),
    record,
  };
}
