import type { SpanBatchBuilder, StoredRecord } from '@upshot/model';

/** Rows of many requests that are stored together. */
export interface IngestGroup {
  readonly spans: SpanBatchBuilder;
  readonly records: StoredRecord[];
  /** Columns of log records, read as `LogBatch` says. */
  readonly logs: SpanBatchBuilder;
  /** Resolves when all rows of this group are durable; rejects with the store's error where they could not be stored. */
  readonly durable: Promise<void>;
}

/**
 * Where the receiver puts rows, and from whom it hears that they are durable.
 *
 * Rows go into `group()` without awaiting anything between that call and `added`: so a body that turns out to be undecodable
 * is taken back before anybody else has seen its rows.
 */
export interface Ingest {
  /** The group that takes rows now. */
  group(): IngestGroup;
  /** Rows that stand for `bytes` of body were added to that group: it may be flushed from now on. */
  added(bytes: number): void;
  /** `failing`: the store has refused writes for a while. `closed`: nothing is taken any more. In both, senders are sent away. */
  readonly pressure: 'none' | 'failing' | 'closed';
}
