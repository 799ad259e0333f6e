/** An event as it is written into the outbox. */
export interface OutboxMessage {
  /** The event's name, `order.placed`. */
  readonly event: string;
  /** What is sent: anything that JSON can say. */
  readonly payload: unknown;
  /** Where the relay shall send it, in its own terms: a topic, an exchange, an URL. */
  readonly destination?: string;
  /** Rows of one key are handled one after the other, in the order in which they were added. */
  readonly key?: string;
  /** The event's ID; by default a new UUID. */
  readonly id?: string;
  /** Further headers, which the relay finds in the row. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Who handles it, one row each. By default the relay alone. */
  readonly consumers?: readonly string[];
}

/** A row that a relay has taken. */
export interface OutboxRow {
  /** The row's number: a 64-bit integer, as a text. */
  readonly position: string;
  readonly eventId: string;
  readonly event: string;
  readonly destination: string | null;
  readonly key: string | null;
  readonly payload: unknown;
  /** The context of the action that added the row, and the headers that it gave. */
  readonly headers: Readonly<Record<string, string>>;
  readonly consumer: string;
  /** How often this row has been taken, this time included. */
  readonly attempt: number;
  readonly addedAt: Date;
  /** Why it failed the last time. */
  readonly error: string | null;
}

/** A row as a driver gives it: 64-bit integers are texts, `jsonb` is parsed. */
interface Raw {
  readonly position: string | number;
  readonly event_id: string;
  readonly event: string;
  readonly destination: string | null;
  readonly key: string | null;
  readonly payload: unknown;
  readonly headers: Record<string, string> | null;
  readonly consumer: string;
  readonly attempts: number;
  readonly added_at: Date;
  readonly error: string | null;
}

/** Rows in the order in which they were added; `RETURNING` has none. */
export function rowsOf(raw: readonly unknown[]): OutboxRow[] {
  return (raw as readonly Raw[])
    .map((row) => ({
      position: String(row.position),
      eventId: row.event_id,
      event: row.event,
      destination: row.destination,
      key: row.key,
      payload: row.payload,
      headers: row.headers ?? {},
      consumer: row.consumer,
      attempt: row.attempts,
      addedAt: row.added_at,
      error: row.error,
    }))
    .sort((a, b) => (BigInt(a.position) < BigInt(b.position) ? -1 : 1));
}
