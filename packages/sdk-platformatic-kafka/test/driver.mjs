import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { attemptOf, handling, instrumentConsumer, instrumentProducer } from '@upshot/sdk-platformatic-kafka';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 */

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library, service }) {
  const { Admin, Consumer, Producer, stringDeserializers, stringSerializers } = await import(
    require.resolve(library)
  );
  const client = { clientId: service, bootstrapBrokers: [url] };
  const producer = instrumentProducer(new Producer({ ...client, serializers: stringSerializers }));
  const plain = new Producer({ ...client, serializers: stringSerializers });
  const admin = new Admin(client);
  /** @type {any[]} */
  const consumers = [];

  /**
   * @param {string} topic
   * @param {string} consumer
   * @param {Reading} reading
   * @param {(stream: AsyncIterable<any>) => Promise<void>} run
   */
  async function start(topic, consumer, { destination, step }, run) {
    const groupId = `${destination}.${consumer}`;
    const own = instrumentConsumer(
      new Consumer({ ...client, groupId, deserializers: stringDeserializers, maxWaitTime: 50 }),
      { consumer, step },
    );
    consumers.push(own);
    const stream = await own.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: 'earliest',
      autocommit: false,
    });
    run(stream).catch(() => undefined);
  }

  /**
   * @param {string} topic
   * @param {string} consumer
   * @param {Reading} reading
   * @param {(received: Received) => Promise<void>} handler
   */
  function consume(topic, consumer, reading, handler) {
    return start(topic, consumer, reading, async (stream) => {
      for await (const message of stream) {
        // Tries follow one another in place: Kafka brings nothing again on its own.
        for (let count = 1, isDone = false; !isDone && count <= reading.attempts; count++) {
          const handle = handling(async () => {
            try {
              await handler(receivedOf(message));
            } catch (error) {
              if (count < reading.attempts) throw error;
              const { key, value, headers } = message;
              const topicOfDead = `${topic}.${consumer}.dlq`;
              await producer.send({ messages: [{ topic: topicOfDead, key, value, headers }] });
              attemptOf(message)?.deadLetter(error);
            }
          });
          isDone = await handle(message).then(
            () => true,
            () => setTimeout(20, false),
          );
        }
        await message.commit();
      }
    });
  }

  return {
    async declare({ destination, consumers: names }) {
      const topics = [destination, ...names.map((name) => `${destination}.${name}.dlq`)];
      await admin.createTopics({ topics, partitions: 1, replicas: 1 });
    },
    async publish({ destination, event, id }) {
      const headers = { 'upshot-event-name': event };
      await producer.send({ messages: [{ topic: destination, key: id, value: body(id), headers }] });
    },
    async publishStripped({ destination, event, id }) {
      const losing = new Producer({ ...client, serializers: stringSerializers });
      const send = losing.send;
      losing.send = (/** @type {any[]} */ ...[options, ...rest]) => {
        const messages = options.messages.map((/** @type {any} */ one) => ({ ...one, headers: {} }));
        return send.call(losing, { ...options, messages }, ...rest);
      };
      const headers = { 'upshot-event-name': event };
      const stripped = instrumentProducer(losing);
      await stripped.send({ messages: [{ topic: destination, key: id, value: body(id), headers }] });
      await losing.close();
    },
    async publishBare({ destination, id, headers }) {
      await plain.send({
        messages: [{ topic: destination, key: id, value: body(id), headers: { ...headers } }],
      });
    },
    consume: (reading, handler) => consume(reading.destination, reading.consumer, reading, handler),
    consumeDeadLetters: (reading, handler) =>
      consume(`${reading.destination}.${reading.consumer}.dlq`, `${reading.consumer}.dead`, reading, handler),
    consumeBatch: (reading, size, handler) =>
      start(reading.destination, reading.consumer, reading, async (stream) => {
        const handle = handling((/** @type {any[]} */ messages) => handler(messages.map(receivedOf)));
        const batch = [];
        for await (const message of stream) {
          if (batch.push(message) < size) continue;
          await handle(batch);
          for (const one of batch.splice(0)) await one.commit();
        }
      }),
    async resend({ message }, destination) {
      const { key, value, headers } = /** @type {any} */ (message);
      await producer.send({ messages: [{ topic: destination, key, value, headers }] });
    },
    async close() {
      await Promise.allSettled(consumers.map((one) => one.close(true)));
      await Promise.allSettled([producer, plain, admin].map((one) => one.close()));
    },
  };
}

/** @param {string} id */
function body(id) {
  return JSON.stringify({ id });
}

/** @param {any} message */
function receivedOf(message) {
  return { id: JSON.parse(message.value).id, attempt: attemptOf(message), message };
}
