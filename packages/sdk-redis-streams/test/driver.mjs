import { attemptOf, handle, instrumentStreams } from '@upshot/sdk-redis-streams';
import { clientOf } from './clients.mjs';

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 * @typedef {import('./clients.mjs').Commands} Commands
 * @typedef {import('./clients.mjs').Read} Read
 */

const RETRY_AFTER_MS = 30;

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library }) {
  const sender = await clientOf(library, url, (client) => instrumentStreams(client));
  const plain = await clientOf(library, url, (client) => client);
  /** @type {Commands[]} */
  const readers = [];
  let open = true;

  /** @param {string} destination @param {string} consumer */
  const deadOf = (destination, consumer) => `${destination}.${consumer}.dead`;

  /** @param {Reading} reading @param {string} consumer */
  async function reader({ step, attempts }, consumer) {
    const commands = await clientOf(library, url, (client) =>
      instrumentStreams(client, { consumer, step, attempts }),
    );
    readers.push(commands);
    return commands;
  }

  /**
   * @param {string} stream
   * @param {string} group
   * @param {string} consumer
   * @param {Reading} reading
   * @param {(received: Received) => Promise<void>} handler
   */
  async function consume(stream, group, consumer, reading, handler) {
    const commands = await reader(reading, consumer);
    const one = async (/** @type {Read} */ read) => {
      try {
        await handle(read.entry, () => handler(receivedOf(read)));
      } catch {
        // What fails stays pending, and is claimed again; a dead letter is what the application makes of it.
        const attempt = attemptOf(read.entry);
        if ((attempt?.number ?? 1) < reading.attempts) return;
        const dead = deadOf(reading.destination, reading.consumer);
        await attempt?.run(() => commands.add(dead, read.fields));
      }
      await commands.ack(stream, group, read.id);
    };
    const loop = async () => {
      while (open) {
        for (const read of await commands.read(stream, group, 10)) await one(read);
        for (const read of await commands.claim(stream, group, RETRY_AFTER_MS)) await one(read);
      }
    };
    void loop().catch(() => {});
  }

  return {
    async declare({ destination, consumers }) {
      for (const consumer of consumers) {
        await plain.createGroup(destination, consumer);
        await plain.createGroup(deadOf(destination, consumer), 'dead');
      }
    },
    async publish({ destination, event, id }) {
      await sender.add(destination, { id, 'upshot-event-name': event });
    },
    async publishStripped({ destination, event, id }) {
      const stripped = await clientOf(library, url, (client) => instrumentStreams(losing(client)));
      await stripped.add(destination, { id, 'upshot-event-name': event });
      stripped.end();
    },
    async publishBare({ destination, id, headers }) {
      await plain.add(destination, { id, ...headers });
    },
    consume: (reading, handler) =>
      consume(reading.destination, reading.consumer, reading.consumer, reading, handler),
    consumeDeadLetters: (reading, handler) => {
      const { destination, consumer } = reading;
      return consume(deadOf(destination, consumer), 'dead', `${consumer}.dead`, reading, handler);
    },
    async consumeBatch(reading, size, handler) {
      const { destination, consumer } = reading;
      const commands = await reader(reading, consumer);
      const batch = await commands.read(destination, consumer, size);
      await handler(batch.map(receivedOf));
      for (const { id } of batch) await commands.ack(destination, consumer, id);
    },
    async resend({ message }, destination) {
      await sender.add(destination, /** @type {Read} */ (message).fields);
    },
    async close() {
      open = false;
      for (const { end } of [...readers, sender, plain]) end();
    },
  };
}

/** @param {Read} read @returns {Received} */
function receivedOf(read) {
  return { id: /** @type {string} */ (read.fields.id), attempt: attemptOf(read.entry), message: read };
}

/** A client of which each entry arrives with its ID alone. @param {any} client */
function losing(client) {
  const { xadd, xAdd } = client;
  if (typeof xAdd === 'function') {
    client.xAdd = (/** @type {any[]} */ ...[stream, id, fields]) =>
      xAdd.call(client, stream, id, { id: fields.id });
    return client;
  }
  client.xadd = (/** @type {any[]} */ ...args) => {
    const at = args.indexOf('id');
    return xadd.call(client, args[0], '*', args[at], args[at + 1]);
  };
  return client;
}
