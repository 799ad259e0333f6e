import type {
  Arrivals,
  EntryPoint,
  Found,
  LogBatch,
  Lookup,
  RollUp,
  RollUpCount,
  RollUpCountQuery,
  RollUpQuery,
  SpanBatch,
  StoredRecord,
  TallyCell,
  TallyQuery,
  TallySum,
} from '@upshot/model';

import type { NoteRemoval, Removal } from './Removal.js';

/** What one write carries: spans, records, logs, or several of them. Empty is allowed and does nothing. */
export interface WriteBatch {
  /** Several batches, stored together: none is copied into one before the store sees it. */
  readonly spans: readonly SpanBatch[];
  readonly records: readonly StoredRecord[];
  /** Log records; none where it is left out. */
  readonly logs?: readonly LogBatch[];
}

/** A text and its name. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Makes of stored rows what they would be if they came today. */
export interface Reread {
  spans(rows: SpanBatch): SpanBatch;
  logs(rows: LogBatch): LogBatch;
}

/** How many spans marked 2 a call of `entries` has to consider. */
export const CONTINUING_ENTRIES = 512;

export interface EntryQuery {
  /** Entries that started before this, exclusive. Unix nanoseconds. */
  readonly before?: bigint;
  /** Entries that started at or after this. */
  readonly since?: bigint;
  readonly limit: number;
}

export interface StoreStatistics {
  /** Rows in the store; a row written twice may count twice until the store has merged it. */
  readonly spans: number;
  readonly records: number;
  readonly logs: number;
  /** Bytes of live data on disk; 0 for a store in memory. */
  readonly bytes: number;
  /** Day under which the oldest rows lie, counted from 1970-01-01: what `expire` drops first. Null where there are none, or where rows lie under no days (memory). */
  readonly oldestDay: number | null;
}

/**
 * A place that keeps spans and event records.
 *
 * - Writes: `write` resolves only when every row of the batch survives a crash of the process and of the machine (a store in memory
 *   says so in its name). It is idempotent: the same row written any number of times, in any batch, is found as if written
 *   once or, at worst, more than once. A rejected write has either stored nothing or may be repeated without harm.
 * - Reads see every write that resolved before they began.
 * - Rows are found by key at any age without scanning all rows.
 * - Rows with any start time from 0 to 2^64 - 1 are accepted. Nothing here judges telemetry.
 * - Failures reject with `StorageError`, whose `retryable` says whether the same call may succeed later. A store that has failed
 *   recovers by itself: the next call after the cause is gone works.
 * - Writes may be called concurrently; a store MAY serialise them. Callers keep the batch unchanged until `write` settles.
 */
export interface Store {
  /** What a person calls it: `embedded store in /data/upshot`. Never holds a credential. */
  readonly description: string;
  write(batch: WriteBatch): Promise<void>;
  /** Rejects with `timeout` after `timeoutMs` milliseconds (default: the store's own limit). */
  find(lookup: Lookup, options?: { timeoutMs?: number }): Promise<Found>;
  /**
   * Entry points, newest first; ties by trace ID, span ID, event ID. MAY hold duplicates. MUST hold all spans marked 1 and all records up to the
   * limit. Of spans marked 2, which continue what others began, it MUST leave out those whose trace holds one marked 1, and MAY leave out all but the
   * newest `CONTINUING_ENTRIES` of a call.
   */
  entries(query: EntryQuery): Promise<EntryPoint[]>;
  statistics(): Promise<StoreStatistics>;
  /**
   * What was written after a mark (null: from the beginning), so that the background can follow. About `limit` arrivals a page: rows that were written
   * together are never parted. Every write that resolved before the call is in this page or, where `more`, behind `reached`; a row that becomes visible
   * later is behind `reached`, however long its write took. Where several processes write, what another one wrote MAY come some seconds later, and `toldUntil`
   * says so. A row may be told again, never left out. Rows of before this was noted come first.
   * Marks hold over restarts. Of log records those are arrivals that tell of an exception and name a trace.
   */
  arrivals(after: bigint | null, limit: number): Promise<Arrivals>;
  /**
   * The rows behind a page of arrivals, of logs those that tell of exceptions: what was written after the mark and up to `until`, the page's `reached`. Never cut; MAY hold rows more than once.
   * `oneIn` (a power of two, at most 256): spans of those traces alone of which the first byte has that many low bits at 0; all records all the same.
   */
  arrived(after: bigint | null, until: bigint, oneIn?: number): Promise<Found>;
  /** Notes what the background learned of workflows. Durable when it resolves; idempotent. Versions may come in any order. */
  writeRollUps(rollUps: readonly RollUp[]): Promise<void>;
  /** Notes that match, the latest version of each place, without what they are `sought` by. Reads see every write that resolved before they began; merges never decide. */
  rollUps(query: RollUpQuery): Promise<RollUp[]>;
  /** How many notes are known to match, in the latest version of each place; by span and state, in no particular order, without those of which there are none. */
  countRollUps(query: RollUpCountQuery): Promise<RollUpCount[]>;
  /** Replaces the tallies of minutes, each as a whole. A version older than what is there changes nothing; an equal one replaces. Durable when it resolves. */
  writeTallies(cells: readonly TallyCell[]): Promise<void>;
  /** Sums of tallies over minutes, each minute in its latest version; by minute, kind, series. Examples are of the latest minutes. */
  tallies(query: TallyQuery): Promise<TallySum[]>;
  /** A small text kept under a name, like who muted what; null where there is none. */
  document(name: string): Promise<string | null>;
  /** The texts under all names that begin so, in no particular order. */
  documents(prefix: string): Promise<NamedText[]>;
  /** Replaces it. Durable when it resolves. The last write that began wins. */
  putDocument(name: string, text: string): Promise<void>;
  /** Throws away all notes and tallies, so that they are made anew. Documents stay. */
  clearRollUps(): Promise<void>;
  /** Rows whose keys were made under an older vocabulary than that of this Upshot (`VOCABULARY_VERSION` of `conventions`). */
  outdated(): Promise<number>;
  /**
   * Puts about `limit` such rows in the place of themselves, with what `reread` makes of them. Resolves with how many: 0 when none is left. At no time is a
   * row missing; it MAY be there twice.
   */
  reindex(reread: Reread, limit: number): Promise<number>;
  /**
   * Deletes rows that somebody has the right to see gone: when it resolves no read finds them any more, after a restart neither. Other rows stay, those of the
   * same traces too. What is written while it runs MAY be there afterwards. Idempotent. A store MAY take its time until the bytes have left the disk.
   */
  remove(removal: Removal): Promise<void>;
  /** Deletes older versions of notes and tallies, which reads do not find any more, for what they hold. Idempotent. */
  removeNotes(removal: NoteRemoval): Promise<void>;
  /**
   * Deletes rows that started before this (Unix nanoseconds). MAY be coarse: whole days, later rather than earlier. Notes and tallies
   * of workflows that began before go too. A store MAY count a
   * row that claims to start more than a day after its receipt as started when it was received.
   */
  expire(before: bigint): Promise<void>;
  /** Finishes what is under way and releases the directory or the connection. Calls after it reject with `closed`. */
  close(): Promise<void>;
}
