import { upshot as processWide, type Sending, type Upshot } from '@upshot/sdk';
import type { PoolClientLike, PoolLike, Queryable } from './clients.js';
import type { OutboxMessage, OutboxRow } from './OutboxRow.js';
import { POSTGRES } from './POSTGRES.js';
import { Relay } from './Relay.js';
import type { BatchRelayOptions, RelayOptions } from './RelayOptions.js';
import { RELAY, Statements } from './Statements.js';

export interface OutboxOptions {
  /** By default `outbox`. */
  readonly table?: string;
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
}

/**
 * An outbox: a table that events are written into within the transaction of the business, and from which a relay sends them on. The context of
 * the action lies in the row, so that what the relay sends has that action as its cause, however much later.
 */
export class Outbox {
  readonly table: string;
  readonly upshot: Upshot;
  private readonly sql: Statements;
  /** What was added within a transaction that is still open, by its client. */
  private readonly open = new WeakMap<Queryable, Sending[]>();

  /** @throws TypeError where `table` is no name of a table */
  constructor({ table = 'outbox', upshot = processWide }: OutboxOptions = {}) {
    this.table = table;
    this.upshot = upshot;
    this.sql = new Statements(table);
  }

  /** The SQL that creates the table and its indexes where they are not there, for migrations. */
  get schema(): string {
    return this.sql.schema;
  }

  /**
   * Adds an event, with the client of the transaction that it belongs to. It counts as published once the row is written; within `transaction`, once
   * that is committed.
   *
   * @returns the event's ID
   */
  async add(client: Queryable, message: OutboxMessage): Promise<string> {
    const { event, id, key, destination, payload, headers, consumers = [RELAY] } = message;
    const within = this.open.get(client);
    const sending = this.upshot.open({
      transport: POSTGRES,
      event,
      id,
      key,
      headers,
      destination: this.table,
    });
    try {
      const kept = JSON.stringify({ ...headers, ...sending.headers });
      await sending.run(() =>
        client.query(this.sql.add, [
          sending.eventId,
          event,
          destination ?? null,
          key ?? null,
          JSON.stringify(payload ?? null),
          kept,
          consumers,
        ]),
      );
    } catch (error) {
      sending.end(error);
      throw error;
    }
    if (within === undefined) sending.end();
    else within.push(sending);
    return sending.eventId;
  }

  /** Runs `work` in a transaction: what it adds counts as published once that is committed; where it is rolled back, the span of each publish says why. */
  async transaction<Result>(
    pool: PoolLike,
    work: (client: PoolClientLike) => Promise<Result>,
  ): Promise<Result> {
    const client = await pool.connect();
    const added: Sending[] = [];
    this.open.set(client, added);
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      for (const sending of added) sending.end();
      return result;
    } catch (error) {
      for (const sending of added) sending.end(error);
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure;
      });
      throw error;
    } finally {
      this.open.delete(client);
      client.release(broken);
    }
  }

  /** Hands rows over one by one: `outbox.relay(pool, { send: (row) => … }).start()`. */
  relay(pool: Queryable, options: RelayOptions | BatchRelayOptions): Relay {
    return new Relay(pool, this.table, this.sql, { ...options, upshot: options.upshot ?? this.upshot });
  }

  /**
   * Puts a row that was given up back among those that wait, as the same event, with all its tries before it.
   *
   * @returns false where the row was not given up, or is gone
   */
  async replay(client: Queryable, row: OutboxRow): Promise<boolean> {
    const { event, key, headers, position } = row;
    const publication = {
      transport: POSTGRES,
      event,
      key: key ?? undefined,
      headers,
      destination: this.table,
    };
    const { rowCount } = await this.upshot.publish(
      { ...publication, id: row.eventId, resend: true },
      (sending) =>
        client.query(this.sql.replay, [position, JSON.stringify({ ...headers, ...sending.headers })]),
    );
    return (rowCount ?? 0) > 0;
  }
}
