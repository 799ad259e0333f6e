import { createHash } from 'node:crypto';
import { type EventRecord, keysOfRecord, type StoredRecord } from '@upshot/model';
import { SOME_TIME } from './spanBatch.js';

/** A record as a case writes it; what it leaves out is filled in. */
export interface KitRecord extends Partial<EventRecord> {
  readonly eventId: string;
  readonly time?: bigint;
}

export function storedRecord({ time = SOME_TIME, ...given }: KitRecord): StoredRecord {
  const record: EventRecord = {
    form: 'event-record',
    eventName: 'order.placed',
    phase: 'published',
    traceId: '',
    spanId: null,
    parentSpanId: null,
    correlationId: null,
    causationId: null,
    producer: '',
    consumerName: null,
    step: null,
    attempt: null,
    destination: null,
    environment: '',
    startTimeUnixNano: String(time),
    endTimeUnixNano: null,
    error: null,
    createdIn: null,
    attributes: {},
    ...given,
  };
  const identity = createHash('sha256').update(JSON.stringify([record.eventId, record.phase, String(time)]));
  return {
    identity: identity.digest('hex').slice(0, 32),
    timeUnixNano: time,
    keys: keysOfRecord(record),
    record,
  };
}
