import type { AttributeValue, EventRecord, StoredRecord } from '@upshot/model';
import { BadRecord, canonicalJson } from '../records/canonicalJson.js';
import { cutValues } from '../records/cutValues.js';
import { checkLength, checkTime, type RecordContext, wellFormed } from '../records/RecordContext.js';
import { storedRecord } from '../records/storedRecord.js';
import { redactRecord } from '../redact/redactRecord.js';
import { parseRfc3339 } from './rfc3339.js';
import { parseTraceparent } from './traceparent.js';

/** Context attributes of a CloudEvent by name, without its data. */
export type ContextAttributes = ReadonlyMap<string, unknown>;

/** The attribute under which a `traceparent` is kept that is not one. */
const BAD_TRACEPARENT = 'upshot.bad.traceparent';
/** Attributes that have a field of their own in a record. */
const MAPPED = new Set([
  'id',
  'source',
  'type',
  'specversion',
  'time',
  'correlationid',
  'causationid',
  'environment',
  'upshotidentity',
]);

/**
 * One CloudEvent 1.0 as a record of an event that was published. Its payload is not stored.
 *
 * Written by hand: the CloudEvents SDK for JavaScript refuses events for names of extensions that senders do use, admits no Node
 * beyond 24, and of what it checks only four required attributes matter here.
 * @throws BadRecord naming the attribute that is wrong
 */
export function cloudEventFrom(sent: ContextAttributes, context: RecordContext): StoredRecord {
  const { redaction } = context;
  const given: ContextAttributes =
    redaction === undefined
      ? sent
      : new Map(Object.entries(redactRecord(Object.fromEntries(sent), redaction) as object));
  const version = required(given, 'specversion', context);
  if (!/^1\.\d+(\.\d+)?$/.test(version))
    throw new BadRecord(`specversion ${version.slice(0, 20)} is not supported: 1.0 is`);
  const traceparent = text(given, 'traceparent', context);
  const createdIn = traceparent === null ? null : parseTraceparent(traceparent);
  const record: EventRecord = {
    form: 'cloudevent',
    eventId: required(given, 'id', context),
    eventName: required(given, 'type', context),
    phase: 'published',
    traceId: '',
    spanId: null,
    parentSpanId: null,
    correlationId: text(given, 'correlationid', context),
    causationId: text(given, 'causationid', context),
    producer: required(given, 'source', context),
    consumerName: null,
    step: null,
    attempt: null,
    destination: null,
    environment: text(given, 'environment', context) ?? '',
    startTimeUnixNano: timeOf(given, context).toString(),
    endTimeUnixNano: null,
    createdIn,
    ...cutValues(
      { error: null, attributes: otherAttributes(given, createdIn === null ? traceparent : null) },
      context.valueBytes,
    ),
  };
  return storedRecord(record, canonicalAttributes(given, context), given.get('upshotidentity'));
}

/** Context attributes of a CloudEvent in JSON: all members but the data. Names in other letters than the specification's count as theirs. */
export function attributesOfJson(json: unknown): ContextAttributes {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new BadRecord('not an object');
  const attributes = new Map<string, unknown>();
  for (const [name, value] of Object.entries(json)) {
    const lower = name.toLowerCase();
    if (lower === 'data' || lower === 'data_base64' || value === null) continue;
    if (name === lower || !attributes.has(lower)) attributes.set(lower, value);
  }
  return attributes;
}

/** Null where absent or empty. Numbers and booleans are taken as the text that stands for them in a header. */
function text(given: ContextAttributes, name: string, context: RecordContext): string | null {
  const value = given.get(name);
  if (value === undefined || value === '') return null;
  if (typeof value === 'object') throw new BadRecord(`${name} must be a text`);
  checkLength(String(value), name, context);
  return wellFormed(String(value));
}

function required(given: ContextAttributes, name: string, context: RecordContext): string {
  const value = given.get(name);
  if (value === undefined || value === '') throw new BadRecord(`${name} is missing`);
  if (typeof value !== 'string') throw new BadRecord(`${name} must be a text`);
  checkLength(value, name, context);
  return wellFormed(value);
}

function timeOf(given: ContextAttributes, context: RecordContext): bigint {
  const value = text(given, 'time', context);
  if (value === null) return context.now;
  const time = parseRfc3339(value);
  if (time === null) throw new BadRecord('time is no RFC 3339 timestamp');
  checkTime(time, 'time', context);
  return time;
}

function otherAttributes(
  given: ContextAttributes,
  badTraceparent: string | null,
): { readonly [key: string]: AttributeValue } {
  const others: [string, AttributeValue][] = [];
  for (const [name, value] of given) {
    if (!MAPPED.has(name) && name !== 'traceparent') others.push([name, value as AttributeValue]);
  }
  if (badTraceparent !== null) others.push([BAD_TRACEPARENT, badTraceparent]);
  return Object.fromEntries(others);
}

/** Scalars as text, so that one event has one identity in headers and in JSON. */
function canonicalAttributes(given: ContextAttributes, context: RecordContext): string {
  const scalars = [...given].map(([name, value]) => [
    name,
    typeof value === 'object' ? value : String(value),
  ]);
  return canonicalJson(Object.fromEntries(scalars), context.depth);
}
