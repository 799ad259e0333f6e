import type { AttributeValue, StoredRecord } from '@upshot/model';

/** Seconds of an RFC 3339 text, and nanoseconds behind its point. */
const NANOS_PER_SECOND = 1_000_000_000n;

/** An event record as a sender would write it, with what the receiver filled in. */
export function recordAsSent({ record, identity }: StoredRecord): object {
  const { form: _, createdIn: __, attributes, error, ...fields } = record;
  // What the record's error said beside type and message was kept among its attributes.
  const { error: more, ...others } = attributes;
  return {
    ...jsonOf(others),
    upshotIdentity: identity,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== '')),
    ...(error === null ? {} : { error: { ...(typeof more === 'object' ? jsonOf(more) : {}), ...error } }),
  };
}

/** A CloudEvent in its JSON form; its data was never stored. */
export function cloudEventAsSent({ record, identity }: StoredRecord): object {
  const { attributes, createdIn, correlationId, causationId, environment } = record;
  return {
    ...jsonOf(attributes),
    upshotidentity: identity,
    specversion: '1.0',
    id: record.eventId,
    source: record.producer,
    type: record.eventName,
    time: rfc3339(BigInt(record.startTimeUnixNano)),
    ...(correlationId === null ? {} : { correlationid: correlationId }),
    ...(causationId === null ? {} : { causationid: causationId }),
    ...(environment === '' ? {} : { environment }),
    ...(createdIn === null ? {} : { traceparent: `00-${createdIn.traceId}-${createdIn.spanId}-01` }),
  };
}

function rfc3339(nanos: bigint): string {
  const seconds = new Date(Number(nanos / NANOS_PER_SECOND) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(nanos % NANOS_PER_SECOND).padStart(9, '0')}Z`;
}

function jsonOf(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (_name, part: AttributeValue) =>
      typeof part === 'bigint' ? String(part) : part,
    ) ?? '{}',
  ) as object;
}
