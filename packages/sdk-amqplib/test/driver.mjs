import { createRequire } from 'node:module';
import { attemptOf, instrumentChannel } from '@upshot/sdk-amqplib';

const require = createRequire(import.meta.url);

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library }) {
  const amqplib = require(library);
  const connection = await amqplib.connect(url);
  connection.on('error', () => {});
  const plain = await connection.createChannel();
  /** @param {object} [options] */
  const instrumented = async (options) => instrumentChannel(await connection.createChannel(), options);
  const sender = instrumentChannel(await connection.createConfirmChannel());
  const losing = await connection.createConfirmChannel();
  const publish = losing.publish;
  losing.publish = (/** @type {any[]} */ ...[exchange, key, content, options, ...rest]) =>
    publish.call(losing, exchange, key, content, { ...options, headers: {} }, ...rest);
  const stripped = instrumentChannel(losing);
  /** @type {(destination: string, consumer: string) => string} */
  const queueOf = (destination, consumer) => `${destination}.${consumer}`;

  /**
   * @param {string} queue
   * @param {import('../../../test/brokers/service/Driver.js').Reading} reading
   * @param {string} consumer
   * @param {(received: import('../../../test/brokers/service/Driver.js').Received) => Promise<void>} handler
   */
  async function consume(queue, { attempts, step }, consumer, handler) {
    const channel = await instrumented({ consumer, step });
    await channel.consume(queue, async (/** @type {any} */ message) => {
      if (message === null) return;
      try {
        await handler(receivedOf(message));
        channel.ack(message);
      } catch {
        const before = Number(message.properties.headers?.['x-delivery-count'] ?? 0);
        channel.nack(message, false, before + 1 < attempts);
      }
    });
  }

  /**
   * @param {any} channel
   * @param {import('../../../test/brokers/service/Driver.js').Sent} sent
   * @returns {Promise<void>}
   */
  const publishBy = (channel, { destination, event, id }) =>
    new Promise((resolve, reject) => {
      const options = { type: event, persistent: true };
      channel.publish(destination, '', body(id), options, (/** @type {unknown} */ error) =>
        error ? reject(error) : resolve(),
      );
    });

  return {
    async declare({ destination, consumers }) {
      await plain.assertExchange(destination, 'fanout', { durable: true });
      await plain.assertExchange(`${destination}.dlx`, 'direct', { durable: true });
      for (const consumer of consumers) {
        const queue = queueOf(destination, consumer);
        const arguments_ = {
          'x-queue-type': 'quorum',
          'x-dead-letter-exchange': `${destination}.dlx`,
          'x-dead-letter-routing-key': consumer,
        };
        await plain.assertQueue(queue, { durable: true, arguments: arguments_ });
        await plain.bindQueue(queue, destination, '');
        await plain.assertQueue(`${queue}.dead`, { durable: true });
        await plain.bindQueue(`${queue}.dead`, `${destination}.dlx`, consumer);
      }
    },
    publish: (sent) => publishBy(sender, sent),
    publishStripped: (sent) => publishBy(stripped, sent),
    async publishBare({ destination, id, headers }) {
      // Straight to the library's own method, which no instrumentation wraps: the message has what is given and nothing else.
      const send = plain.publish.__original ?? plain.publish;
      send.call(plain, destination, '', body(id), { headers: { ...headers }, persistent: true });
    },
    consume: (reading, handler) =>
      consume(queueOf(reading.destination, reading.consumer), reading, reading.consumer, handler),
    consumeDeadLetters: (reading, handler) => {
      const { destination, consumer } = reading;
      return consume(`${queueOf(destination, consumer)}.dead`, reading, `${consumer}.dead`, handler);
    },
    async consumeBatch(reading, size, handler) {
      const channel = await instrumented({ consumer: reading.consumer, step: reading.step });
      await channel.prefetch(size);
      /** @type {any[]} */
      const batch = [];
      await channel.consume(
        queueOf(reading.destination, reading.consumer),
        async (/** @type {any} */ message) => {
          if (message === null || batch.push(message) < size) return;
          await handler(batch.map(receivedOf));
          channel.ack(message, true);
        },
      );
    },
    async resend({ message }, destination) {
      const { content, properties } = /** @type {any} */ (message);
      await new Promise((resolve) =>
        sender.publish(destination, '', content, properties, () => resolve(null)),
      );
    },
    close: () => connection.close(),
  };
}

/** @param {string} id */
function body(id) {
  return Buffer.from(JSON.stringify({ id }));
}

/** @param {any} message */
function receivedOf(message) {
  return { id: JSON.parse(message.content.toString()).id, attempt: attemptOf(message), message };
}
