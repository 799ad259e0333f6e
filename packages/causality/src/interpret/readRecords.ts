import {
  type EventRecord,
  earlier,
  later,
  NO_ATTRIBUTES,
  type Span,
  SpanKind,
  type SpanSource,
} from '@upshot/model';
import type { MessageRef, Reading, RecordReading } from './Reading.js';
import { isSurelyRetryName, shownWithoutRetry } from './retryNames.js';

const NO_SOURCE: SpanSource = {
  resource: NO_ATTRIBUTES,
  resourceSchemaUrl: '',
  scope: { name: '', version: '', attributes: NO_ATTRIBUTES },
  scopeSchemaUrl: '',
};

/** What records say, sorted by what it is about. */
export interface RecordsRead {
  /** Publishes and attempts: one reading each, of one record or several. */
  readonly readings: Reading[];
  /** Records that say what became of an event: `dead-lettered` and `replayed`. They are no attempts. */
  readonly fates: RecordReading[];
}

/**
 * Records as readings. Records of one event and consumer are one attempt where `spanId`, or else `attempt`, is equal; without both, a
 * `processing` record joins the next settled one. Published records of one event are one publish.
 */
export function readRecords(records: readonly RecordReading[]): RecordsRead {
  const ordered = inOrder(records);
  const fates = ordered.filter(
    ({ record }) => record.phase === 'dead-lettered' || record.phase === 'replayed',
  );
  const publishes = new Map<string, RecordReading[]>();
  const attempts = new Map<string, RecordReading[]>();
  const waiting = new Map<string, RecordReading[]>();
  for (const reading of ordered) {
    const { record } = reading;
    if (record.phase === 'published') add(publishes, join(record.environment, record.eventId), reading);
    else if (record.phase !== 'dead-lettered' && record.phase !== 'replayed') {
      const delivery = join(record.environment, record.eventId, record.consumerName ?? '');
      if (record.spanId !== null)
        add(attempts, join(delivery, 'span', record.traceId, record.spanId), reading);
      else if (record.attempt !== null) add(attempts, join(delivery, 'attempt', record.attempt), reading);
      else if (record.phase === 'processing') add(waiting, delivery, reading);
      else {
        const begun = waiting.get(delivery) ?? [];
        waiting.delete(delivery);
        attempts.set(join(delivery, 'record', reading.identity), [...begun, reading]);
      }
    }
  }
  for (const [delivery, begun] of waiting) {
    for (const reading of begun) attempts.set(join(delivery, 'record', reading.identity), [reading]);
  }
  return {
    readings: [
      ...[...publishes.values()].map((group) => readingOf(group, 'publish')),
      ...[...attempts.values()].map((group) => readingOf(group, 'process')),
    ],
    fates,
  };
}

function readingOf(group: readonly RecordReading[], role: 'publish' | 'process'): Reading {
  const records = group.map(({ record }) => record);
  const first = records[0]!;
  const get = <Key extends keyof EventRecord>(key: Key): EventRecord[Key] | null => {
    for (const { [key]: value } of records) if (value !== null && value !== '') return value ?? null;
    return null;
  };
  const settled = records.filter((record) => record.phase !== 'processing');
  const failed = settled.find((record) => record.phase === 'failed');
  const outcome =
    role === 'publish' || settled.some((record) => record.phase === 'succeeded')
      ? failed !== undefined && role === 'process'
        ? 'failed'
        : 'succeeded'
      : failed !== undefined
        ? 'failed'
        : settled.length > 0
          ? 'skipped'
          : 'running';
  const starts = records.map((record) => BigInt(record.startTimeUnixNano));
  const ends = settled.map((record) => BigInt(record.endTimeUnixNano ?? record.startTimeUnixNano));
  const service = role === 'publish' ? first.producer : (get('consumerName') ?? first.producer);
  const createdIn = get('createdIn');
  const message: MessageRef = {
    eventId: first.eventId,
    transportId: null,
    eventSource: null,
    partition: null,
    offset: null,
    messageKey: null,
    correlationId: get('correlationId'),
    causationId: get('causationId'),
    link: null,
  };
  const span: Span = {
    traceId: normalId(get('traceId') ?? createdIn?.traceId ?? ''),
    spanId: normalId(get('spanId') ?? ''),
    parentSpanId: normalId(get('parentSpanId') ?? createdIn?.spanId ?? ''),
    name: get('step') ?? '',
    kind: role === 'publish' ? SpanKind.producer : SpanKind.consumer,
    startTimeUnixNano: starts.reduce(earlier),
    endTimeUnixNano: ends.length === 0 ? 0n : ends.reduce(later),
    status: { code: outcome === 'failed' ? 2 : 0, message: '' },
    traceState: '',
    flags: 0,
    attributes: new Map(Object.entries(first.attributes)),
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    source: NO_SOURCE,
  };
  const destination = get('destination');
  return {
    id: `record:${group.map(({ identity }) => identity).sort()[0]!}`,
    span,
    stored: false,
    records: group,
    role,
    creates: false,
    roleByKind: false,
    service,
    environment: first.environment,
    system: null,
    destination,
    routingKey: null,
    places: destination === null ? [] : [destination],
    eventName: first.eventName,
    eventTyped: true,
    consumer: shownWithoutRetry(
      get('consumerName') ?? '',
      destination !== null && isSurelyRetryName(destination),
    ),
    consumerAlias: null,
    consumerRank: 0,
    step: get('step'),
    layer: 'business',
    messages: [message],
    correlationId: message.correlationId,
    causationId: message.causationId,
    cluster: null,
    batchCount: null,
    attempt: get('attempt'),
    outcome,
    error: failed === undefined ? null : (failed.error ?? { type: 'Error', message: '' }),
    verdict: null,
    failedAt: null,
    deadLetterDestination: null,
    deadLetterOf: null,
    mended: [...new Set(records.flatMap(({ attributes }) => unusable(Object.keys(attributes))))].sort(),
  };
}

/** What the receiver could not use and kept as it came, and what it cut off, in words. */
export function unusable(keys: Iterable<string>): string[] {
  const words: string[] = [];
  for (const key of keys) {
    if (!key.startsWith(OWN_PREFIX)) continue;
    if (key.startsWith(UNUSABLE_PREFIX))
      words.push(`it carried an unusable ${key.slice(UNUSABLE_PREFIX.length)}`);
    else if (key.startsWith(CUT_PREFIX))
      words.push(`its ${key.slice(CUT_PREFIX.length)} beyond the limit were cut off`);
  }
  return words;
}
const OWN_PREFIX = 'upshot.';
const UNUSABLE_PREFIX = 'upshot.bad.';
const CUT_PREFIX = 'upshot.cut.';

/** A span that a record speaks of too: one reading, in which the record's words are the more explicit ones. */
export function withRecord(span: Reading, record: Reading): Reading {
  const said = record.messages[0]!;
  const messages =
    span.messages.length > 1
      ? span.messages
      : [{ ...span.messages[0]!, ...definedOnly(said), link: span.messages[0]?.link ?? null }];
  const failed = span.outcome === 'failed' || record.outcome === 'failed';
  const end = later(record.span.endTimeUnixNano, span.span.endTimeUnixNano);
  return {
    ...span,
    records: [...span.records, ...record.records],
    role: record.role,
    roleByKind: false,
    eventName: record.eventName,
    eventTyped: true,
    consumer: record.role === 'process' ? record.consumer : span.consumer,
    consumerAlias: record.role === 'process' && record.consumer !== span.consumer ? span.consumer : null,
    consumerRank: record.role === 'process' ? 0 : span.consumerRank,
    step: record.step ?? span.step,
    destination: span.destination ?? record.destination,
    places: [...span.places, ...record.places],
    messages,
    correlationId: record.correlationId ?? span.correlationId,
    causationId: record.causationId ?? span.causationId,
    attempt: record.attempt ?? span.attempt,
    mended: [...new Set([...span.mended, ...record.mended])],
    outcome: failed ? 'failed' : record.outcome === 'skipped' ? 'skipped' : span.outcome,
    error: failed ? (span.error ?? record.error) : null,
    span: end === span.span.endTimeUnixNano ? span.span : { ...span.span, endTimeUnixNano: end },
  };
}

/** Hex IDs in lower case, as spans have them; any other text as it is. */
export function normalId(id: string): string {
  return /^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{16})$/.test(id) ? id.toLowerCase() : id;
}

function definedOnly(message: MessageRef): Partial<MessageRef> {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));
}

function inOrder(records: readonly RecordReading[]): RecordReading[] {
  return records
    .map((reading) => ({ reading, ...saidAt(reading) }))
    .sort((a, b) => {
      if (a.time !== b.time) return a.time < b.time ? -1 : 1;
      if (a.place !== b.place) return a.place - b.place;
      return a.reading.identity < b.reading.identity ? -1 : a.reading.identity > b.reading.identity ? 1 : 0;
    })
    .map(({ reading }) => reading);
}

/**
 * When a record was true, and its place among those of one instant: an attempt that had been running is settled before the next one begins, and one
 * begins before it is settled. A settled record gives the start of its attempt, which is that of its `processing` record.
 */
function saidAt({ record }: RecordReading): { time: bigint; place: number } {
  const start = BigInt(record.startTimeUnixNano);
  const { phase, endTimeUnixNano } = record;
  if (phase === 'processing') return { time: start, place: 1 };
  const settles = phase === 'succeeded' || phase === 'failed' || phase === 'skipped';
  const time = settles && endTimeUnixNano !== null ? later(start, BigInt(endTimeUnixNano)) : start;
  return { time, place: time > start ? 0 : 2 };
}

function add(map: Map<string, RecordReading[]>, key: string, reading: RecordReading): void {
  const group = map.get(key);
  if (group === undefined) map.set(key, [reading]);
  else group.push(reading);
}

function join(...parts: (string | number)[]): string {
  return JSON.stringify(parts);
}
