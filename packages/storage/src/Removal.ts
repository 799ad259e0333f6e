import type { SpanBatch } from '@upshot/model';

export interface SpanPlace {
  /** Lower-case hex. */
  readonly traceId: string;
  readonly spanId: string;
}

/** One log record: written in a span at a time, "" standing for no trace and for no span. */
export interface LogPlace extends SpanPlace {
  readonly timeUnixNano: bigint;
  /** The MD5 of its tail, in hex: a name that every database can tell, and no secret. */
  readonly tailMd5: string;
}

/** What is deleted of a store for good, because somebody has the right to be forgotten. All lists may be empty. */
export interface Removal {
  /** All rows of these spans. */
  readonly spans: readonly SpanPlace[];
  /** Rows that stand in for spans named above, with less in them: they are there afterwards. Trace and span ID of each MUST be among `spans`. */
  readonly instead: SpanBatch;
  /** Identities of event records. */
  readonly records: readonly string[];
  readonly logs: readonly LogPlace[];
}

/** Notes of the background that were replaced, and what is left of them: see `Store.removeNotes`. */
export interface NoteRemoval {
  readonly places: readonly { readonly timeUnixNano: bigint; readonly id: string }[];
  /** Minutes since 1970 of whose tallies older versions are deleted. */
  readonly minutes: readonly number[];
  /** Versions before this one are deleted. Unix nanoseconds. */
  readonly before: bigint;
}
