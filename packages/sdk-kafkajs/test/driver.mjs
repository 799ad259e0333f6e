import { createRequire } from 'node:module';
import { attemptOf, instrumentKafka, instrumentProducer } from '@upshot/sdk-kafkajs';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 */

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library, service }) {
  const { Kafka, logLevel, Partitioners } = require(library);
  const createPartitioner = Partitioners.LegacyPartitioner ?? Partitioners.DefaultPartitioner;
  // Retries of a failed message come soon, and never end: who gives up is the handler.
  const retry = { initialRetryTime: 50, maxRetryTime: 200, retries: 50 };
  const client = () => new Kafka({ clientId: service, brokers: [url], logLevel: logLevel.NOTHING, retry });
  const kafka = instrumentKafka(client());
  const producer = kafka.producer({ createPartitioner });
  const plain = client().producer({ createPartitioner });
  const admin = client().admin();
  await Promise.all([producer.connect(), plain.connect(), admin.connect()]);
  /** @type {{ disconnect(): Promise<void> }[]} */
  const consumers = [];

  /**
   * @param {string} topic
   * @param {string} name
   * @param {Reading} reading
   * @param {(consumer: any) => Promise<void>} run
   */
  async function start(topic, name, { step, destination }, run) {
    const own = instrumentKafka(client(), { consumer: name, step });
    const consumer = own.consumer({
      groupId: `${destination}.${name}`,
      sessionTimeout: 10_000,
      maxWaitTimeInMs: 50,
    });
    consumers.push(consumer);
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await run(consumer);
  }

  /**
   * @param {string} topic
   * @param {string} name
   * @param {Reading} reading
   * @param {(received: Received) => Promise<void>} handler
   */
  function consume(topic, name, reading, handler) {
    /** @type {Map<string, number>} */
    const tries = new Map();
    return start(topic, name, reading, (consumer) =>
      consumer.run({
        eachMessage: async (/** @type {any} */ { message }) => {
          const count = (tries.get(message.offset) ?? 0) + 1;
          tries.set(message.offset, count);
          try {
            await handler(receivedOf(message));
          } catch (error) {
            if (count < reading.attempts) throw error;
            const { key, value, headers } = message;
            await producer.send({ topic: `${topic}.${name}.dlq`, messages: [{ key, value, headers }] });
            attemptOf(message)?.deadLetter(error);
          }
        },
      }),
    );
  }

  return {
    async declare({ destination, consumers: names }) {
      const topics = [destination, ...names.map((name) => `${destination}.${name}.dlq`)];
      await admin.createTopics({
        topics: topics.map((topic) => ({ topic, numPartitions: 1 })),
        waitForLeaders: true,
      });
    },
    async publish({ destination, event, id }) {
      const headers = { 'upshot-event-name': event };
      await producer.send({ topic: destination, messages: [{ key: id, value: body(id), headers }] });
    },
    async publishStripped({ destination, event, id }) {
      const losing = client().producer({ createPartitioner });
      const send = losing.send;
      losing.send = (/** @type {any} */ record) =>
        send.call(losing, {
          ...record,
          messages: record.messages.map((/** @type {any} */ one) => ({ ...one, headers: {} })),
        });
      const stripped = instrumentProducer(losing);
      await stripped.connect();
      const headers = { 'upshot-event-name': event };
      await stripped.send({ topic: destination, messages: [{ key: id, value: body(id), headers }] });
      await stripped.disconnect();
    },
    async publishBare({ destination, id, headers }) {
      // Below any instrumentation: the message has what is given and nothing else.
      const send = plain.send.__original ?? plain.send;
      await send.call(plain, {
        topic: destination,
        messages: [{ value: body(id), headers: { ...headers } }],
      });
    },
    consume: (reading, handler) => consume(reading.destination, reading.consumer, reading, handler),
    consumeDeadLetters: (reading, handler) =>
      consume(`${reading.destination}.${reading.consumer}.dlq`, `${reading.consumer}.dead`, reading, handler),
    consumeBatch: (reading, size, handler) =>
      start(reading.destination, reading.consumer, reading, (consumer) =>
        consumer.run({
          eachBatch: async (/** @type {any} */ { batch }) => {
            if (batch.messages.length !== size)
              throw new Error(`${batch.messages.length} messages came at once`);
            await handler(batch.messages.map(receivedOf));
          },
        }),
      ),
    async resend({ message }, destination) {
      const { key, value, headers } = /** @type {any} */ (message);
      await producer.send({ topic: destination, messages: [{ key, value, headers }] });
    },
    async close() {
      await Promise.allSettled([...consumers, producer, plain, admin].map((client) => client.disconnect()));
    },
  };
}

/** @param {string} id */
function body(id) {
  return JSON.stringify({ id });
}

/** @param {any} message */
function receivedOf(message) {
  return { id: JSON.parse(message.value.toString()).id, attempt: attemptOf(message), message };
}
