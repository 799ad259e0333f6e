import { createHash } from 'node:crypto';
import { type EventRecord, keysOfRecord, type StoredRecord } from '@upshot/model';

const IDENTITY = /^[0-9a-f]{32}$/;

/**
 * A record with its identity: the first 128 bits, in hex, of the SHA-256 of the canonical JSON of what was received. One that was exported has the
 * identity that it says, for what it was received as is not kept: taken in where it came from it changes nothing.
 */
export function storedRecord(record: EventRecord, canonical: string, exportedAs: unknown): StoredRecord {
  const known = typeof exportedAs === 'string' && IDENTITY.test(exportedAs) ? exportedAs : null;
  return {
    identity: known ?? createHash('sha256').update(canonical).digest('hex').slice(0, 32),
    timeUnixNano: BigInt(record.startTimeUnixNano),
    keys: keysOfRecord(record),
    record,
  };
}
