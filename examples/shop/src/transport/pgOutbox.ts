import { context, ProxyTracerProvider, ROOT_CONTEXT } from '@opentelemetry/api';
import { Upshot } from '@upshot/sdk';
import { Outbox, type OutboxRow } from '@upshot/sdk-pg-outbox';
import { Pool } from 'pg';
import { type ReaderName, subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { backOffMs } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

const TABLE = 'shop_outbox';
/** A relay handles its rows one after the other: several, so that one slow order does not hold up all that come behind it. */
const RELAYS = 4;
/** Between looks for rows: a customer waits for five of them. */
const EVERY_MS = 100;
/** After it, a row comes again whose service is gone. */
const LEASE_MS = 5_000;
/** Reads rows without telling anybody: a provider that stands for none. */
const UNSEEN = new Upshot({ tracerProvider: new ProxyTracerProvider() });

export async function prepare(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url });
  await pool.query(new Outbox({ table: TABLE }).schema);
  await pool.end();
}

/** One table that all services share: an event is a row for each of its readers, written in a transaction as the orders themselves would be. */
export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const pool = new Pool({ connectionString: url });
  // What was idle when the server went: the pool opens new connections.
  pool.on('error', () => {});
  const outbox = new Outbox({ table: TABLE, upshot });
  const relays: { stop(): Promise<void> }[] = [];
  return {
    wire: { system: 'postgresql', cloudEvents: null },
    async publish(topic, order) {
      const message = { event: TOPICS[topic], key: order.id, destination: topic, payload: order };
      await outbox.transaction(pool, (client) =>
        outbox.add(client, { ...message, consumers: readersOf(topic).map((name) => rowsOf(topic, name)) }),
      );
    },
    async sendRaw(topic, order, headers) {
      for (const reader of readersOf(topic))
        await pool.query(
          `INSERT INTO ${TABLE} (event, key, destination, payload, headers, consumer) VALUES ($1, $2, $3, $4, $5, $6)`,
          [TOPICS[topic], order.id, topic, order, headers, rowsOf(topic, reader)],
        );
    },
    async subscribe(subscription, handle) {
      const { topic, step, attempts, batch } = subscription;
      const options = {
        upshot: subscription.traced ? upshot : UNSEEN,
        consumer: rowsOf(topic, service),
        name: service,
        step,
        attempts,
        backOffMs,
        everyMs: EVERY_MS,
        leaseMs: LEASE_MS,
        onError: () => {},
      };
      const take = taking(subscription, handle);
      if (batch > 1) relays.push(outbox.relay(pool, { ...options, size: batch, sendBatch: take }).start());
      else
        for (let n = 0; n < RELAYS; n++)
          relays.push(
            outbox
              .relay(pool, { ...options, size: 1, send: (row, handled) => take([row], [handled]) })
              .start(),
          );
    },
    async replay(topic) {
      let replayed = 0;
      const send = async (row: OutboxRow) => {
        if (await outbox.replay(pool, row)) replayed++;
      };
      const dead = { consumer: rowsOf(topic, service), name: service, rows: 'dead', send } as const;
      while ((await outbox.relay(pool, dead).runOnce()) > 0);
      return replayed;
    },
    async close() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await pool.end();
    },
  };
}

function taking({ traced }: Subscription, handle: (events: readonly Incoming[]) => Promise<void>) {
  return (rows: readonly OutboxRow[], attempts: readonly Incoming['handled'][]): Promise<void> => {
    const events = rows.map((row, at) => ({
      headers: row.headers,
      body: JSON.stringify(row.payload),
      attempt: row.attempt,
      handled: traced ? (attempts[at] ?? null) : null,
    }));
    // Who knows nothing of the SDK does not find itself in its context either.
    return traced ? handle(events) : context.with(ROOT_CONTEXT, () => handle(events));
  };
}

function readersOf(topic: Topic): ReaderName[] {
  return subscriptions()
    .filter((one) => one.topic === topic)
    .map(({ consumer }) => consumer);
}

/** Under this name a reader's rows stand in the table. */
function rowsOf(topic: Topic, reader: string): string {
  return `${reader}@${topic}`;
}
