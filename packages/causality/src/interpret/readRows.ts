import { type Log, type Span, SpanKind, type StoredRecord } from '@upshot/model';
import { asText } from './concepts.js';
import { idsOfLog } from './idsOfLog.js';
import { identityOf, mergeSpans } from './mergeSpans.js';
import type { Reading, RecordReading } from './Reading.js';
import { normalId, readRecords, unusable, withRecord } from './readRecords.js';
import { readSpan } from './readSpan.js';

/** All kinds of span: what an identity ends with. */
const KINDS = Object.values(SpanKind);

/** Exceptions of one span, or without one: what a retry loop inside of it may log; the last ones are found first. */
const MOST_EXCEPTIONS = 1_000;

const NO_LOGS: readonly Log[] = [];

/** Rows as they came, each identity with all that was reported under it. */
export class Rows {
  private readonly spans = new Map<string, { reports: Span[]; reading: Reading | null }>();
  private readonly records = new Map<string, StoredRecord>();
  /** Log records of exceptions, by the span in which they were written. */
  private readonly exceptions = new Map<string, Log[]>();
  private exceptionCount = 0;
  /** Those that name no span, by all that they say. */
  private readonly loose = new Map<string, Log>();

  get size(): number {
    return this.spans.size + this.records.size + this.exceptionCount + this.loose.size;
  }

  /** Adds rows; the same row again changes nothing. Returns how many are new. */
  add(spans: readonly Span[], records: readonly StoredRecord[], logs: readonly Log[] = []): number {
    const before = this.size;
    for (const span of spans) {
      const identity = identityOf(span);
      const known = this.spans.get(identity);
      if (known === undefined) this.spans.set(identity, { reports: [span], reading: null });
      else {
        known.reports.push(span);
        known.reading = null;
      }
    }
    for (const record of records) {
      const known = this.records.get(record.identity);
      if (known === undefined || record.timeUnixNano < known.timeUnixNano)
        this.records.set(record.identity, record);
    }
    for (const log of logs) this.addException(log);
    return this.size - before;
  }

  /** They are no rows of their own: they say what became of the span in which they were written, whichever of the two comes first. */
  private addException(log: Log): void {
    if (!log.isException) return;
    if (log.spanId === '' || log.traceId === '') {
      if (this.loose.size < MOST_EXCEPTIONS && idsOfLog(log).eventId !== null)
        this.loose.set(textOf(log), log);
      return;
    }
    const context = `${log.traceId}/${log.spanId}`;
    const known = this.exceptions.get(context);
    if (known === undefined) this.exceptions.set(context, [log]);
    else if (known.length >= MOST_EXCEPTIONS || known.some((other) => isSame(log, other))) return;
    else known.push(log);
    this.exceptionCount++;
    for (const kind of KINDS) {
      const entry = this.spans.get(`${context}/${kind}`);
      if (entry !== undefined) entry.reading = null;
    }
  }

  private exceptionsOf(span: Span | undefined): readonly Log[] {
    if (span === undefined || this.exceptions.size === 0) return NO_LOGS;
    return this.exceptions.get(`${span.traceId}/${span.spanId}`) ?? NO_LOGS;
  }

  /** All spans as they were reported, in no particular order. */
  reported(): Span[] {
    return [...this.spans.values()].flatMap(({ reports }) => reports);
  }

  /** Everything read: spans and records as readings by time, the records that tell of an event's fate, and the exceptions that name an event and no span. */
  read(): { readings: Reading[]; fates: RecordReading[]; loose: Log[] } {
    const ofSpans: Reading[] = [];
    for (const entry of this.spans.values()) {
      entry.reading ??= readMerged(entry.reports, this.exceptionsOf(entry.reports[0]));
      ofSpans.push(entry.reading);
    }
    const loose = [...this.loose.values()];
    if (this.records.size === 0) return { readings: ofSpans.sort(byTime), fates: [], loose };
    const byContext = new Map<string, Reading>();
    for (const reading of ofSpans) {
      const context = `${reading.span.traceId}/${reading.span.spanId}`;
      const other = byContext.get(context);
      if (other === undefined || preferred(reading, other)) byContext.set(context, reading);
    }
    const readings = new Set(ofSpans);
    const records = readRecords(
      [...this.records.values()].map(({ identity, record }): RecordReading => ({ identity, record })),
    );
    for (const record of records.readings) {
      const context = contextOf(record);
      const span = context === null ? undefined : byContext.get(context);
      if (span === undefined) readings.add(record);
      else if (!speaksOfSame(span, record)) readings.add(below(record));
      else {
        const merged = withRecord(span, record);
        readings.delete(span);
        readings.add(merged);
        byContext.set(context!, merged);
      }
    }
    return { readings: [...readings].sort(byTime), fates: records.fates, loose };
  }
}

function readMerged(reports: readonly Span[], logs: readonly Log[]): Reading {
  const { span, differed } = mergeSpans(reports);
  const mended = differed ? ['two different reports came under this identity; they were merged'] : [];
  if (span.endTimeUnixNano !== 0n && span.endTimeUnixNano < span.startTimeUnixNano) {
    mended.push('it ends before it starts');
  }
  mended.push(...unusable(span.attributes.keys()));
  if (span.links.some(({ traceId, spanId }) => traceId === '' || spanId === '')) {
    mended.push('it carried a link without usable IDs');
  }
  return readSpan(span, mended, logs);
}

/** The span in which a record was written; for a CloudEvent, the one in which it was created. */
function contextOf({ records, span }: Reading): string | null {
  const record = records[0]!.record;
  if (record.createdIn !== null) {
    return `${normalId(record.createdIn.traceId)}/${normalId(record.createdIn.spanId)}`;
  }
  return span.spanId === '' || span.traceId === '' ? null : `${span.traceId}/${span.spanId}`;
}

/** A publish that was recorded under the IDs of the span that worked: that span is its cause, not itself. */
function below(record: Reading): Reading {
  if (record.span.spanId === '') return record;
  return { ...record, span: { ...record.span, parentSpanId: record.span.spanId, spanId: '' } };
}

/** Whether a record and the span of the same IDs are one node: not where a handler's span tells of an event that it published. */
function speaksOfSame(span: Reading, record: Reading): boolean {
  if (record.role === 'publish') return span.role === 'publish' && span.messages.length === 1;
  if (span.records.length > 0 && span.consumer !== record.consumer) return false;
  return span.role !== 'publish';
}

/** Of two kinds of span under one context, what works within it: consumer, server, internal before producer, client. */
function preferred(a: Reading, b: Reading): boolean {
  return PREFERENCE[a.span.kind] < PREFERENCE[b.span.kind];
}
const PREFERENCE = [3, 2, 1, 5, 4, 0] as const;

export function byTime(a: Reading, b: Reading): number {
  const at = a.span.startTimeUnixNano;
  const bt = b.span.startTimeUnixNano;
  if (at !== bt) return at < bt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** What tells two records of exceptions apart. */
function textOf({ traceId, timeUnixNano, eventName, attributes, source }: Log): string {
  const said = ['exception.type', 'exception.message'].map((key) => asText(attributes.get(key)));
  const service = asText(source.resource.get('service.name'));
  return JSON.stringify([
    traceId,
    `${timeUnixNano}`,
    eventName,
    service,
    ...said,
    [...attributes.values()].map(asText),
  ]);
}

/** The same record, found by another key. */
function isSame(a: Log, b: Log): boolean {
  return (
    a.timeUnixNano === b.timeUnixNano &&
    a.eventName === b.eventName &&
    a.attributes.get('exception.type') === b.attributes.get('exception.type') &&
    a.attributes.get('exception.message') === b.attributes.get('exception.message')
  );
}
