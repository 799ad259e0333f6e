import type { SpanBatch } from '../batch/SpanBatch.js';
import type { LogBatch } from '../log/LogBatch.js';
import type { StoredRecord } from '../record/StoredRecord.js';

/**
 * Which rows are wanted: those that match ANY of the parts below. Texts are compared as given; trace and span IDs of spans are
 * lower-case hex. An empty look-up finds nothing.
 */
export interface Lookup {
  /** All spans, and all records, of these traces. For records any text. A text that is not 32 hex digits can match records alone. */
  readonly traceIds?: readonly string[];
  /** Spans and records with these span IDs, in whichever trace. */
  readonly spanIds?: readonly string[];
  /** Of one large trace: the spans that have one of these IDs, or one of them as parent. */
  readonly within?: readonly { readonly traceId: string; readonly spanIds: readonly string[] }[];
  /** Rows that carry the event (message) ID, or the broker position written as `topic.partition.offset`. */
  readonly eventIds?: readonly string[];
  readonly correlationIds?: readonly string[];
  /** Rows that name one of these events as their cause. */
  readonly causationIds?: readonly string[];
  /** Spans that link to one of these spans, and CloudEvents that were created in one. */
  readonly linksTo?: readonly { readonly traceId: string; readonly spanId: string }[];
  /** Rows that started before this MAY be left out, Unix nanoseconds: who asks has no use for them, and a store may spare looking there. */
  readonly since?: bigint;
  /** Rows that started after this MAY be left out: who asks has them. */
  readonly until?: bigint;
  /** Rows of these traces, and rows that carry one of these correlation IDs, MAY be left out: who asks has all of them. */
  readonly except?: { readonly traceIds: readonly string[]; readonly correlationIds: readonly string[] };
  /**
   * What is looked among. `rows`, the default: spans, records, and those log records that tell of an exception, for they bear on what a span says.
   * `logs`: log records of every sort, and nothing else.
   */
  readonly among?: 'rows' | 'logs';
  /** At most so many spans, so many records, and so many log records, newest first where there are more. MUST be ≥ 1. */
  readonly limit: number;
}

/**
 * Rows found. MAY hold rows that merely share a key's hash, and rows more than once: whoever reads them compares IDs and
 * identities. MUST hold every matching row up to the limit.
 */
export interface Found {
  readonly spans: SpanBatch;
  readonly records: readonly StoredRecord[];
  /** Log records: see `Lookup.among`. One written twice may stand here twice. */
  readonly logs: LogBatch;
  /** True where the limit cut spans or records off; where logs were looked among, logs. */
  readonly more: boolean;
  /** Parts of the store (shards) that did not answer; empty where all did. */
  readonly unavailable: readonly string[];
  /** Said by whoever drives a question, never by a store: most of its time is gone, and it should answer with what it has. */
  readonly late?: boolean;
}

/** A place where a workflow may begin: a span marked as an entry, or a record. */
export interface EntryPoint {
  readonly timeUnixNano: bigint;
  readonly traceId: string;
  /** "" for a record without one. */
  readonly spanId: string;
  /** "" for a span. */
  readonly eventId: string;
}

/** Rows that were written: a trace of which at least one span came, or an event of which a record came. */
export interface Arrival {
  /** "" for a record without one. */
  readonly traceId: string;
  /** The event of a record; "" for spans. */
  readonly eventId: string;
}

export interface Arrivals {
  /** In the order in which they were written, each once a page. */
  readonly arrivals: readonly Arrival[];
  /** Rows behind them. */
  readonly rows: number;
  /**
   * Where to go on: everything written up to here, and visible by now, has been told. About when the last row told was written, Unix nanoseconds; the mark that was
   * given where none was told, 0 where none was given.
   */
  readonly reached: bigint;
  /** True where more was waiting than the limit let through. */
  readonly more: boolean;
  /** Other processes write at the same time: what they wrote after this may not have been told yet. Left out where all that was written is told. */
  readonly toldUntil?: bigint;
}
