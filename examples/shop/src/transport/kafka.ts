import { attemptOf, instrumentKafka } from '@upshot/sdk-kafkajs';
import { type EachMessagePayload, Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Order } from '../Order.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

/** Several, so that one slow order does not hold up all that come behind it. */
const PARTITIONS = 6;
/** A message that failed comes again soon, for as long as its handler says so: giving up is ours. */
const RETRY = { initialRetryTime: 60, maxRetryTime: 500, retries: 50 };

export async function prepare(url: string): Promise<void> {
  const admin = clientOf(url, 'shop-set-up').admin();
  await admin.connect();
  const topics = Object.keys(TOPICS).map((topic) => ({ topic, numPartitions: PARTITIONS }));
  await admin.createTopics({ topics, waitForLeaders: true });
  await admin.disconnect();
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const options = { createPartitioner: Partitioners.DefaultPartitioner };
  const raw = clientOf(url, service).producer(options);
  const traced = instrumentKafka(clientOf(url, service), {
    upshot,
    event: (topic) => TOPICS[topic as Topic],
  }).producer(options);
  await Promise.all([raw.connect(), traced.connect()]);
  const consumers: { disconnect(): Promise<void> }[] = [];
  const send = async (by: typeof raw, topic: Topic, order: Order, headers?: Record<string, string>) => {
    await by.send({ topic, messages: [{ key: order.id, value: JSON.stringify(order), headers }] });
  };
  return {
    wire: { system: 'kafka', cloudEvents: 'ce_' },
    publish: (topic, order) => send(traced, topic, order),
    sendRaw: (topic, order, headers) => send(raw, topic, order, { ...headers }),
    async subscribe(subscription, handle) {
      const plain = clientOf(url, service);
      const { topic, step } = subscription;
      const kafka = subscription.traced ? instrumentKafka(plain, { upshot, step, consumer: service }) : plain;
      const consumer = kafka.consumer({ groupId: `${topic}.${service}`, maxWaitTimeInMs: 50 });
      consumers.push(consumer);
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        partitionsConsumedConcurrently: PARTITIONS,
        eachMessage: taking(subscription, handle),
      });
    },
    async close() {
      await Promise.all([...consumers, raw, traced].map((one) => one.disconnect()));
    },
  };
}

function clientOf(url: string, clientId: string): Kafka {
  const brokers = [url.replace(/^kafka:\/\//, '')];
  return new Kafka({ clientId, brokers, logLevel: logLevel.NOTHING, retry: RETRY });
}

/** Kafka counts no tries and has no dead letters: both are kept here, as in any service on it. */
function taking(
  { attempts, batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
): (payload: EachMessagePayload) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  const tries = new Map<string, number>();
  return async ({ partition, message }) => {
    const at = `${partition}.${message.offset}`;
    const attempt = (tries.get(at) ?? 0) + 1;
    tries.set(at, attempt);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.headers ?? {})) headers[name] = String(value);
    const handled = attemptOf(message);
    try {
      await take({ headers, body: message.value?.toString('utf8') ?? '', attempt, handled });
      tries.delete(at);
    } catch (error) {
      if (attempt < attempts) {
        handled?.fail(error, 'retry');
        // As it is, a TypeError, such as `fetch` throws where nobody answers, would end the consumer: kafkajs takes it for a fault of the program.
        throw new Error('this event is to come again', { cause: error });
      }
      tries.delete(at);
      handled?.fail(error, 'dead-letter');
    }
  };
}
