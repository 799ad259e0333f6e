import { logScopesOf, nanosOf, type OtlpDocument, type OtlpSpan, scopesOf, type Timed } from './otlpJson.js';
import { shiftedNanos } from './shiftedNanos.js';

/** Moves all times of a document; attributes are left alone, whatever they hold. */
export function shiftDocument(document: OtlpDocument, by: bigint): void {
  for (const { spans } of scopesOf(document)) for (const span of spans) shiftSpan(span, by);
  for (const { logs } of logScopesOf(document))
    for (const log of logs) shiftFields(log, ['timeUnixNano', 'observedTimeUnixNano'], by);
  for (const record of document.eventRecords ?? []) shiftRecord(record, by);
  for (const event of document.cloudEvents ?? []) shiftRecord(event, by);
}

/** An event record, or a CloudEvent, whose time is a text to the second or finer. */
export function shiftRecord(record: Timed, by: bigint): void {
  shiftFields(record, ['startTimeUnixNano', 'endTimeUnixNano'], by);
  const { time } = record;
  if (typeof time !== 'string' || Number.isNaN(Date.parse(time))) return;
  record.time = new Date(Date.parse(time) + Number(by / 1_000_000n)).toISOString();
}

function shiftSpan(span: OtlpSpan, by: bigint): void {
  shiftFields(span, ['startTimeUnixNano', 'endTimeUnixNano'], by);
  if (!Array.isArray(span.events)) return;
  for (const event of span.events) if (event) shiftFields(event, ['timeUnixNano'], by);
}

function shiftFields(object: Timed, fields: readonly string[], by: bigint): void {
  for (const field of fields) {
    const time = nanosOf(object[field]);
    if (time !== null && time !== 0n) object[field] = `${shiftedNanos(time, by)}`;
  }
}
