import { ATTRIBUTES } from '@upshot/conventions';
import { type AttributeValue, type EventRecord, PHASES, type Phase, type StoredRecord } from '@upshot/model';
import { redactRecord } from '../redact/redactRecord.js';
import { BadRecord, canonicalJson } from './canonicalJson.js';
import { cutValues } from './cutValues.js';
import {
  checkLength,
  checkTime,
  type RecordContext,
  spanIdOf,
  traceIdOf,
  wellFormed,
} from './RecordContext.js';
import { storedRecord } from './storedRecord.js';

type JsonObject = { readonly [name: string]: unknown };

const FIELDS = new Set([
  'eventId',
  'traceId',
  'correlationId',
  'parentSpanId',
  'eventName',
  'phase',
  'spanId',
  'causationId',
  'producer',
  'consumerName',
  'step',
  'attempt',
  'destination',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'error',
  'upshotIdentity',
]);

/**
 * One event record of the interface, validated; unknown fields become attributes.
 * @throws BadRecord naming the field that is wrong
 */
export function eventRecordFrom(json: unknown, context: RecordContext): StoredRecord {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new BadRecord('not an object');
  const { redaction } = context;
  const given = (redaction === undefined ? json : redactRecord(json, redaction)) as JsonObject;
  const canonical = canonicalJson(given, context.depth);
  const text = (name: string): string | null => textOf(given, name, context);
  const consumerName = text('consumerName');
  const end = timeOf(given, 'endTimeUnixNano', context);
  const start = timeOf(given, 'startTimeUnixNano', context) ?? end ?? context.now;
  const traceId = text('traceId');
  const spanId = text('spanId');
  const parentSpanId = text('parentSpanId');
  const record: EventRecord = {
    form: 'event-record',
    eventId: required(text('eventId'), 'eventId', given),
    eventName: required(text('eventName'), 'eventName', given),
    phase: phaseOf(given, consumerName),
    traceId: traceId === null ? '' : traceIdOf(traceId, 'traceId'),
    spanId: spanId && spanIdOf(spanId, 'spanId'),
    parentSpanId: parentSpanId && spanIdOf(parentSpanId, 'parentSpanId'),
    correlationId: text('correlationId'),
    causationId: text('causationId'),
    producer: text('producer') ?? '',
    consumerName,
    step: text('step'),
    attempt: attemptOf(given),
    destination: text('destination'),
    environment: environmentOf(given, context),
    startTimeUnixNano: start.toString(),
    endTimeUnixNano: end === null ? null : end.toString(),
    createdIn: null,
    ...cutValues({ error: errorOf(given), attributes: unknownFields(given) }, context.valueBytes),
  };
  return storedRecord(record, canonical, given.upshotIdentity);
}

/** Null where the field is absent, null or empty. */
function textOf(given: JsonObject, name: string, context: RecordContext): string | null {
  const value = given[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw new BadRecord(`${name} must be a text`);
  checkLength(value, name, context);
  return wellFormed(value);
}

function required(value: string | null, name: string, given: JsonObject): string {
  if (value !== null) return value;
  const hint = 'specversion' in given ? ' (a CloudEvent? send it as application/cloudevents+json)' : '';
  throw new BadRecord(`${name} is missing${hint}`);
}

function phaseOf(given: JsonObject, consumerName: string | null): Phase {
  const { phase } = given;
  if (phase === undefined || phase === null) return consumerName === null ? 'published' : 'succeeded';
  if (!(PHASES as readonly unknown[]).includes(phase)) {
    throw new BadRecord(`phase must be one of ${PHASES.join(', ')}`);
  }
  return phase as Phase;
}

/** Nanoseconds as decimal digits. A number is taken where JSON carries it without loss. */
function timeOf(given: JsonObject, name: string, context: RecordContext): bigint | null {
  const value = given[name];
  if (value === undefined || value === null || value === '') return null;
  let time: bigint;
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) time = BigInt(value);
  else if (typeof value === 'number' && Number.isSafeInteger(value)) time = BigInt(value);
  else throw new BadRecord(`${name} must be Unix nanoseconds as a text of decimal digits`);
  checkTime(time, name, context);
  return time;
}

function attemptOf(given: JsonObject): number | null {
  const { attempt } = given;
  if (attempt === undefined || attempt === null) return null;
  if (typeof attempt !== 'number' || !Number.isSafeInteger(attempt) || attempt < 1) {
    throw new BadRecord('attempt must be a whole number from 1');
  }
  return attempt;
}

function errorOf(given: JsonObject): EventRecord['error'] {
  const { error } = given;
  if (error === undefined || error === null) return null;
  if (typeof error !== 'object' || Array.isArray(error)) {
    throw new BadRecord('error must be an object with type and message');
  }
  const { type, message } = error as JsonObject;
  const part = (value: unknown, name: string): string => {
    if (value === undefined || value === null) return '';
    if (typeof value !== 'string') throw new BadRecord(`${name} must be a text`);
    return value;
  };
  return { type: part(type, 'error.type'), message: part(message, 'error.message') };
}

/** `environment`, else what resources call it, so that a record and a span of one place can say the same. */
function environmentOf(given: JsonObject, context: RecordContext): string {
  for (const name of ['environment', ...ATTRIBUTES.environment]) {
    const value = given[name];
    if (typeof value === 'string' && value !== '') {
      checkLength(value, name, context);
      return value;
    }
  }
  return '';
}

/** All that has no field of its own; of `error`, what is beyond its type and message. */
function unknownFields(given: JsonObject): { readonly [key: string]: AttributeValue } {
  const unknown: [string, AttributeValue][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (FIELDS.has(name) || (name === 'environment' && typeof value === 'string')) continue;
    unknown.push([name, value as AttributeValue]);
  }
  if (typeof given.error === 'object' && given.error !== null) {
    const { type: _type, message: _message, ...rest } = given.error as JsonObject;
    if (Object.keys(rest).length > 0) unknown.push(['error', rest as AttributeValue]);
  }
  return Object.fromEntries(unknown);
}
