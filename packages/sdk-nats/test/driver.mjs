import { createRequire } from 'node:module';
import { attemptOf, instrumentJetStream } from '@upshot/sdk-nats';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 */

/**
 * Both clients in one form.
 * @param {string} library
 */
function clientOf(library) {
  if (library.startsWith('nats')) {
    const nats = require(library);
    return {
      connect: nats.connect,
      headers: nats.headers,
      /** @type {(connection: any) => any} */
      jetstream: (connection) => connection.jetstream(),
      /** @type {(connection: any) => Promise<any>} */
      manager: (connection) => connection.jetstreamManager(),
    };
  }
  const { connect, headers } = require('@nats-io/transport-node');
  const { jetstream, jetstreamManager } = require(library);
  return { connect, headers, jetstream, manager: jetstreamManager };
}

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library }) {
  const client = clientOf(library);
  const connection = await client.connect({ servers: url, reconnect: false });
  const manager = await client.manager(connection);
  const js = instrumentJetStream(client.jetstream(connection));
  /** @type {(destination: string) => string} */
  const streamOf = (destination) => destination.replaceAll('.', '_');

  /**
   * @param {Reading} reading
   * @param {string} subject
   * @param {string} name
   */
  async function consumerOf({ destination, step }, subject, name) {
    const durable = name.replaceAll('.', '_');
    await manager.consumers.add(streamOf(destination), {
      durable_name: durable,
      filter_subject: subject,
      ack_policy: 'explicit',
    });
    const own = instrumentJetStream(client.jetstream(connection), { consumer: name, step });
    return own.consumers.get(streamOf(destination), durable);
  }

  /**
   * @param {Reading} reading
   * @param {string} subject
   * @param {string} name
   * @param {(received: Received) => Promise<void>} handler
   */
  async function consume(reading, subject, name, handler) {
    const consumer = await consumerOf(reading, subject, name);
    await consumer.consume({
      callback: async (/** @type {any} */ message) => {
        try {
          await handler(receivedOf(message));
          message.ack();
        } catch {
          const { deliveryCount, redeliveryCount } = message.info;
          if ((deliveryCount ?? redeliveryCount) < reading.attempts) return message.nak();
          // JetStream has no dead letters: who gives up puts them aside.
          await js.publish(`${subject}.${name}.dead`, message.data, { headers: message.headers });
          message.term();
        }
      },
    });
  }

  return {
    async declare({ destination }) {
      const subjects = [destination, `${destination}.>`];
      await manager.streams.add({ name: streamOf(destination), subjects });
    },
    async publish({ destination, event, id }) {
      const headers = client.headers();
      headers.set('upshot-event-name', event);
      await js.publish(destination, body(id), { headers });
    },
    async publishStripped({ destination, event, id }) {
      const losing = client.jetstream(connection);
      const publish = losing.publish;
      losing.publish = (/** @type {any[]} */ ...[subject, payload, options]) =>
        publish.call(losing, subject, payload, { ...options, headers: undefined });
      const headers = client.headers();
      headers.set('upshot-event-name', event);
      await instrumentJetStream(losing).publish(destination, body(id), { headers });
    },
    async publishBare({ destination, id, headers: given = {} }) {
      const headers = client.headers();
      for (const [name, value] of Object.entries(given)) headers.set(name, value);
      await client.jetstream(connection).publish(destination, body(id), { headers });
    },
    consume: (reading, handler) => consume(reading, reading.destination, reading.consumer, handler),
    consumeDeadLetters: (reading, handler) => {
      const { destination, consumer } = reading;
      return consume(reading, `${destination}.${consumer}.dead`, `${consumer}.dead`, handler);
    },
    async consumeBatch(reading, size, handler) {
      const consumer = await consumerOf(reading, reading.destination, reading.consumer);
      const batch = [];
      for await (const message of await consumer.fetch({ max_messages: size })) batch.push(message);
      await handler(batch.map(receivedOf));
      for (const message of batch) message.ack();
    },
    async resend({ message }, destination) {
      const { data, headers } = /** @type {any} */ (message);
      await js.publish(destination, data, { headers });
    },
    close: () => connection.close(),
  };
}

/** @param {string} id */
function body(id) {
  return JSON.stringify({ id });
}

/** @param {any} message */
function receivedOf(message) {
  return { id: message.json().id, attempt: attemptOf(message), message };
}
