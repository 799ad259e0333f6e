import { createRequire } from 'node:module';
import { Outbox } from '@upshot/sdk-pg-outbox';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 * @typedef {import('@upshot/sdk-pg-outbox').OutboxRow} OutboxRow
 */

/** Tables are made by one of several services that start at once. */
const LOCK = 7_418_529;

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library }) {
  const { Pool } = require(library);
  const pool = new Pool({ connectionString: url, max: 5 });
  // The server goes, and what was idle with it: the pool opens new connections.
  pool.on('error', () => {});
  const outbox = new Outbox();
  /** @type {import('@upshot/sdk-pg-outbox').Relay[]} */
  const relays = [];
  await outbox.transaction(pool, async (client) => {
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    await client.query(outbox.schema);
    await client.query('CREATE TABLE IF NOT EXISTS readers (destination text, consumer text)');
  });

  /** Whoever reads a place gets a row of its own. @param {string} destination */
  async function readersOf(destination) {
    const { rows } = await pool.query('SELECT consumer FROM readers WHERE destination = $1', [destination]);
    return rows.map((/** @type {{ consumer: string }} */ { consumer }) => consumer);
  }

  /**
   * @param {Reading} reading
   * @param {(received: Received) => Promise<void>} handler
   * @param {'waiting' | 'dead'} [rows]
   */
  function read({ consumer, destination, attempts, step }, handler, rows = 'waiting') {
    const relay = outbox.relay(pool, {
      consumer: `${consumer}@${destination}`,
      name: consumer,
      rows,
      step,
      attempts,
      backOffMs: () => 50,
      everyMs: 50,
      send: (row, attempt) => handler(receivedOf(row, attempt)),
    });
    relays.push(relay.start());
  }

  return {
    async declare({ destination, consumers }) {
      for (const consumer of consumers)
        await pool.query('INSERT INTO readers VALUES ($1, $2)', [destination, `${consumer}@${destination}`]);
    },
    async publish({ destination, event, id }) {
      const consumers = await readersOf(destination);
      await outbox.transaction(pool, async (client) => {
        await outbox.add(client, { event, destination, payload: { id }, consumers });
      });
    },
    async publishStripped({ destination, event, id }) {
      const consumers = await readersOf(destination);
      await outbox.transaction(pool, async (client) => {
        await outbox.add(client, { event, destination, payload: { id }, consumers });
        await client.query('UPDATE outbox SET headers = NULL WHERE destination = $1', [destination]);
      });
    },
    async publishBare({ destination, event, id, headers }) {
      for (const consumer of await readersOf(destination))
        await pool.query(
          'INSERT INTO outbox (event, destination, payload, headers, consumer) VALUES ($1, $2, $3, $4, $5)',
          [event, destination, { id }, headers ?? null, consumer],
        );
    },
    async consume(reading, handler) {
      read(reading, handler);
    },
    async consumeDeadLetters(reading, handler) {
      read(reading, handler, 'dead');
    },
    async consumeBatch({ consumer, destination, step }, size, handler) {
      const relay = outbox.relay(pool, {
        consumer: `${consumer}@${destination}`,
        name: consumer,
        step,
        size,
        sendBatch: (rows, attempts) => handler(rows.map((row, at) => receivedOf(row, attempts[at] ?? null))),
      });
      relays.push(relay);
      await relay.runOnce();
    },
    async resend({ message }) {
      await outbox.replay(pool, /** @type {OutboxRow} */ (message));
    },
    async close() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await pool.end();
    },
  };
}

/**
 * @param {OutboxRow} row
 * @param {import('@upshot/sdk').Attempt | null} attempt
 * @returns {Received}
 */
function receivedOf(row, attempt) {
  return { id: /** @type {{ id: string }} */ (row.payload).id, attempt, message: row };
}
