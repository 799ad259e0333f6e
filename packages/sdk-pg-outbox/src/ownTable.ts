import { type Attempt, upshot as processWide, type Sending, type Upshot } from '@upshot/sdk';
import { POSTGRES } from './POSTGRES.js';
import { RELAY } from './Statements.js';

/** A row that goes into an outbox of the application's own making. */
export interface RowToWrite {
  readonly event: string;
  /** The table's name. */
  readonly table: string;
  /** The event's ID; by default a new UUID. */
  readonly id?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly upshot?: Upshot;
}

/**
 * One line for an insert into an outbox of your own: `write` gets the event's ID and the headers, which go into columns of the row.
 *
 *     await writeRow({ event: 'order.placed', table: 'outbox' }, ({ eventId, headers }) => client.query('INSERT …', [eventId, headers, …]));
 */
export function writeRow<Result>(row: RowToWrite, write: (sending: Sending) => Result): Result {
  const { event, table, id, headers, upshot = processWide } = row;
  return upshot.publish({ transport: POSTGRES, event, id, headers, destination: table }, write);
}

/** A row that has been read from an outbox of the application's own making. */
export interface RowThatWaits {
  readonly table: string;
  /** The column of headers, parsed. */
  readonly headers: unknown;
  readonly eventId?: string;
  readonly event?: string;
  /** Who handles it; by default `outbox-relay`. */
  readonly consumer?: string;
  readonly step?: string;
  /** From 1, where the table counts. */
  readonly attempt?: number;
  /** Tries before it is given up, where there is such a number. */
  readonly attempts?: number;
  readonly upshot?: Upshot;
}

/**
 * One line for a relay of your own: `send` runs as an attempt in the context of the action that wrote the row, and its errors go on to you.
 *
 *     await relayRow({ table: 'outbox', headers: row.headers, eventId: row.id }, () => producer.send(…));
 */
export function relayRow<Result>(row: RowThatWaits, send: (attempt: Attempt) => Result): Result {
  const { table, headers, eventId, event, consumer = RELAY, step, attempt, attempts } = row;
  const { upshot = processWide } = row;
  const isLast = attempt !== undefined && attempts !== undefined && attempt >= attempts;
  return upshot.process(
    {
      transport: POSTGRES,
      headers,
      event,
      consumer,
      step,
      attempt,
      messageId: eventId,
      destination: table,
      relays: true,
      decide: () => (isLast ? 'dead-letter' : 'retry'),
    },
    send,
  );
}
