import { createRequire } from 'node:module';
import { attemptOf, instrumentClient } from '@upshot/sdk-mqtt';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 */

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library }) {
  const mqtt = require(library);
  const options = { protocolVersion: 5, reconnectPeriod: 0 };
  const plain = await mqtt.connectAsync(url, options);
  const sender = instrumentClient(await mqtt.connectAsync(url, options));
  const clients = [plain, sender];

  /** Sessions that last hold what comes before their consumer is there. @type {(clientId: string) => object} */
  const session = (clientId) => ({
    ...options,
    clientId,
    clean: false,
    properties: { sessionExpiryInterval: 3600 },
  });
  /** @type {(topic: string, consumer: string) => string} */
  const retryOf = (topic, consumer) => `${topic}/${consumer}/retry`;
  /** @type {(topic: string, consumer: string) => string} */
  const deadOf = (topic, consumer) => `${topic}/${consumer}/dead`;

  /** @param {string} id @param {readonly string[]} topics */
  async function subscribe(id, topics) {
    const client = await mqtt.connectAsync(url, session(id));
    await client.subscribeAsync(topics, { qos: 1 });
    await client.endAsync();
  }

  /** @param {any} client @param {string} topic @param {any} payload @param {object} [userProperties] */
  const send = (client, topic, payload, userProperties) =>
    client.publishAsync(topic, payload, { qos: 1, properties: userProperties && { userProperties } });

  /**
   * @param {string} id
   * @param {object} named
   * @param {(message: any) => Promise<void>} listener
   */
  function listen(id, named, listener) {
    const client = instrumentClient(mqtt.connect(url, session(id)), named);
    clients.push(client);
    client.on(
      'message',
      (/** @type {string} */ _topic, /** @type {Buffer} */ payload, /** @type {any} */ packet) =>
        listener({ payload, packet }),
    );
  }

  /**
   * @param {string} topic
   * @param {string} consumer
   * @param {Reading} reading
   * @param {(received: Received) => Promise<void>} handler
   */
  async function consume(topic, consumer, { attempts, step }, handler) {
    /** @type {Map<string, number>} */
    const tries = new Map();
    listen(`${topic}-${consumer}`, { consumer, step }, async (message) => {
      const received = receivedOf(message);
      const count = (tries.get(received.id) ?? 0) + 1;
      tries.set(received.id, count);
      try {
        await handler(received);
      } catch (error) {
        // The broker sends nothing again: who wants that does it.
        const { payload, packet } = message;
        const again = count < attempts;
        const to = again ? retryOf(topic, consumer) : deadOf(topic, consumer);
        await send(sender, to, payload, packet.properties?.userProperties);
        received.attempt?.fail(error, again ? 'retry' : 'dead-letter');
      }
    });
  }

  return {
    async declare({ destination, consumers }) {
      for (const consumer of consumers) {
        await subscribe(`${destination}-${consumer}`, [destination, retryOf(destination, consumer)]);
        const dead = deadOf(destination, consumer);
        await subscribe(`${dead}-${consumer}.dead`, [dead, retryOf(dead, `${consumer}.dead`)]);
      }
    },
    publish: ({ destination, event, id }) =>
      send(sender, destination, body(id), { 'upshot-event-name': event }),
    publishBare: ({ destination, id, headers }) => send(plain, destination, body(id), headers),
    consume: (reading, handler) => consume(reading.destination, reading.consumer, reading, handler),
    consumeDeadLetters: (reading, handler) =>
      consume(deadOf(reading.destination, reading.consumer), `${reading.consumer}.dead`, reading, handler),
    async consumeBatch({ destination, consumer, step }, size, handler) {
      /** @type {any[]} */
      const batch = [];
      /** @type {() => void} */
      let finish = () => undefined;
      const finished = new Promise((resolve) => {
        finish = () => resolve(undefined);
      });
      listen(`${destination}-${consumer}`, { consumer, step }, async (message) => {
        if (batch.push(message) === size) {
          await handler(batch.map(receivedOf));
          finish();
        }
        await finished;
      });
    },
    async resend({ message }, destination) {
      const { payload, packet } = /** @type {any} */ (message);
      await send(sender, destination, payload, packet.properties?.userProperties);
    },
    async close() {
      await Promise.allSettled(clients.map((client) => client.endAsync(true)));
    },
  };
}

/** @param {string} id */
function body(id) {
  return JSON.stringify({ id });
}

/** @param {any} message */
function receivedOf(message) {
  const { payload, packet } = message;
  return { id: JSON.parse(payload.toString()).id, attempt: attemptOf(packet), message };
}
