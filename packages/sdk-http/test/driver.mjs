import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { attemptOf, receive, WebhookSender } from '@upshot/sdk-http';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 * @typedef {import('../../../test/brokers/service/Driver.js').Place} Place
 */

/** Where services find each other: one folder for each run of the cases. */
const names = createHash('sha256')
  .update(process.env.ENDPOINT ?? '')
  .digest('hex');
const folder = join(tmpdir(), `upshot-http-${names.slice(0, 16)}`);
mkdirSync(folder, { recursive: true });
// All services end together; one of them cleans up.
if (process.env.SERVICE === 'shop')
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The address of a subscriber, once there is one: what was sent before waits for it. @param {string} name */
async function resolved(name) {
  const file = join(folder, encodeURIComponent(name));
  for (let tries = 0; tries < 1200 && !existsSync(file); tries++) await sleep(25);
  return readFileSync(file, 'utf8');
}

/** @param {string} consumer @param {string} destination */
const named = (consumer, destination) => `http://${consumer}.test/${destination}`;

/** @type {typeof fetch} */
const byName = async (input, init) => fetch(await resolved(String(input)), init);

/** @param {string} destination @returns {Place} */
const placeAt = (destination) => JSON.parse(readFileSync(join(folder, destination), 'utf8'));

/** What is being sent outlives a connection, as it does in a sender. @type {Map<number, WebhookSender>} */
const senders = new Map();

/** @param {number} attempts */
function senderOf(attempts) {
  const sender =
    senders.get(attempts) ??
    new WebhookSender({
      fetch: byName,
      attempts,
      backOffMs: () => 50,
      timeoutMs: 60_000,
      onGivenUp: ({ url, webhook, headers }) => {
        const { hostname, pathname } = new URL(url);
        const [consumer, destination] = [hostname.replace(/\.test$/, ''), pathname.slice(1)];
        const to = named(`${consumer}.dead`, `${destination}.dead`);
        void senderOf(1).send({ ...webhook, to, destination: `${destination}.dead`, headers, resend: true });
      },
    });
  senders.set(attempts, sender);
  return sender;
}

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ library }) {
  /** @type {{ close(): unknown }[]} */
  const servers = [];

  /** @param {(request: any, reply: any) => Promise<unknown>} handler @param {string} path @returns {Promise<number>} */
  async function listen(handler, path) {
    if (library.startsWith('fastify')) {
      const app = require(library)();
      app.post(path, handler);
      await app.listen({ port: 0, host: '127.0.0.1' });
      servers.push(app);
      return app.server.address().port;
    }
    const express = require(library);
    const app = express();
    app.use(express.json());
    // What an async handler rejects with, version 4 hands to nobody.
    app.post(path, (/** @type {any} */ request, /** @type {any} */ reply, /** @type {any} */ next) =>
      handler(request, reply).catch(next),
    );
    const quiet = (
      /** @type {unknown} */ _error,
      /** @type {any} */ _request,
      /** @type {any} */ reply,
      /** @type {unknown} */ _next,
    ) => reply.sendStatus(500);
    app.use(quiet);
    /** @type {import('node:http').Server} */
    const server = await new Promise((resolve) => {
      const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
    });
    servers.push({ close: () => server.close() || server.closeAllConnections() });
    return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  }

  /**
   * @param {string} consumer
   * @param {string} destination
   * @param {string} step
   * @param {(received: Received) => Promise<void>} handler
   */
  async function subscribe(consumer, destination, step, handler) {
    const route = receive(
      async (request, reply) => {
        await handler({ id: request.body.id, attempt: attemptOf(request), message: request });
        return library.startsWith('fastify') ? {} : reply.sendStatus(204);
      },
      { consumer, step },
    );
    const port = await listen(route, `/${destination}`);
    const file = join(folder, encodeURIComponent(named(consumer, destination)));
    writeFileSync(`${file}.new`, `http://127.0.0.1:${port}/${destination}`);
    // Whoever waits for it finds it whole.
    renameSync(`${file}.new`, file);
  }

  return {
    async declare(place) {
      writeFileSync(join(folder, place.destination), JSON.stringify(place));
    },
    async publish({ destination, event, id }) {
      const { consumers, attempts } = placeAt(destination);
      const to = consumers.map((consumer) => named(consumer, destination));
      void senderOf(attempts).send({ event, to, destination, payload: { id } });
    },
    async publishBare({ destination, id, headers }) {
      for (const consumer of placeAt(destination).consumers)
        await byName(named(consumer, destination), {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ id }),
        });
    },
    consume: ({ consumer, destination, step }, handler) => subscribe(consumer, destination, step, handler),
    consumeDeadLetters: ({ consumer, destination, step }, handler) =>
      subscribe(`${consumer}.dead`, `${destination}.dead`, step, handler),
    async consumeBatch({ consumer, destination, step }, size, handler) {
      /** @type {Received[]} */
      const batch = [];
      let release = () => {};
      const handled = new Promise((resolve) => {
        release = () => resolve(null);
      });
      await subscribe(consumer, destination, step, async (received) => {
        if (batch.push(received) === size) {
          await handler(batch);
          release();
        }
        await handled;
      });
    },
    async resend({ message }, destination) {
      const { headers, body } = /** @type {any} */ (message);
      const own = Object.entries(headers).filter(([name]) => /^(ce|upshot)-/.test(name));
      const { consumers } = placeAt(destination);
      const to = consumers.map((consumer) => named(consumer, destination));
      const event = headers['upshot-event-name'];
      await senderOf(2).send({
        event,
        to,
        destination,
        payload: body,
        headers: Object.fromEntries(own),
        resend: true,
      });
    },
    async close() {
      await Promise.all(servers.splice(0).map((server) => server.close()));
    },
  };
}
