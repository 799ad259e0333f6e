import type { Attempt, Upshot } from '@upshot/sdk';
import type { OutboxRow } from './OutboxRow.js';

interface CommonOptions {
  /** By default that of the outbox. */
  readonly upshot?: Upshot;
  /** Whose rows are handled; by default those that were added for nobody in particular. */
  readonly consumer?: string;
  /** What Upshot calls the consumer; by default as in the table. */
  readonly name?: string;
  /**
   * Whether the event itself is passed on, so that what is published without a name is that event once more. By default so for the relay, and not for a
   * consumer that is named: its rows are its work.
   */
  readonly relays?: boolean;
  /** The business step that handling a row is, for all or by the row. */
  readonly step?: string | ((row: OutboxRow) => string | undefined);
  /** `dead` hands over what was given up, to be told of, moved, or replayed. By default `waiting`. */
  readonly rows?: 'waiting' | 'dead';
  /** Tries of a row before it is given up; by default 10, which with the back-off by default is half an hour. */
  readonly attempts?: number;
  /** Milliseconds from the failure of this attempt (from 1) to the next; by default 1 s, doubled each time, and 5 min at most. */
  readonly backOffMs?: (attempt: number, row: OutboxRow) => number;
  /** Rows that are taken at once; by default 100. */
  readonly size?: number;
  /** Milliseconds between looks for rows where there were none; by default 250. */
  readonly everyMs?: number;
  /** Milliseconds after which a row comes again whose relay has gone; a relay that works on one prolongs it. By default 60 000. */
  readonly leaseMs?: number;
  /** Whether rows stay, as `done`, once they are sent. By default they are removed. */
  readonly keep?: boolean;
  /** Told of what the database refuses; the relay goes on. By default OpenTelemetry's `diag`. */
  readonly onError?: (error: unknown) => void;
}

/** Rows are handed over one after the other. */
export interface RelayOptions extends CommonOptions {
  /**
   * Sends a row on, or does its work. Where it rejects, the row has failed and comes again. What it publishes, by whatever adapter, has the action that
   * added the row as its cause, and without another name is the same event.
   */
  readonly send: (row: OutboxRow, attempt: Attempt) => unknown;
}

/** Rows are handed over together. */
export interface BatchRelayOptions extends CommonOptions {
  /** Where it rejects, all have failed that `attempts[n]` does not say otherwise of; `attempts[n].run(…)` is in the context of one row. */
  readonly sendBatch: (rows: readonly OutboxRow[], attempts: readonly Attempt[]) => unknown;
}
