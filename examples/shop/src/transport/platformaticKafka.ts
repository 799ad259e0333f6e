import { setTimeout as sleep } from 'node:timers/promises';
import {
  Admin,
  Consumer,
  type Message,
  Producer,
  stringDeserializers,
  stringSerializers,
} from '@platformatic/kafka';
import { attemptOf, handling, instrumentConsumer, instrumentProducer } from '@upshot/sdk-platformatic-kafka';
import type { Order } from '../Order.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { backOffMs } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

type Texts = Message<string, string, string, string>;

/** Several, so that one slow order does not hold up all that come behind it. */
const PARTITIONS = 6;
const MAX_WAIT_MS = 50;

export async function prepare(url: string): Promise<void> {
  const admin = new Admin(clientOf(url, 'shop-set-up'));
  try {
    const there = new Set(await admin.listTopics());
    const topics = Object.keys(TOPICS).filter((topic) => !there.has(topic));
    if (topics.length > 0) await admin.createTopics({ topics, partitions: PARTITIONS, replicas: 1 });
  } finally {
    await admin.close();
  }
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const client = clientOf(url, service);
  const raw = new Producer({ ...client, serializers: stringSerializers });
  const event = ({ topic }: { readonly topic: string }) => TOPICS[topic as Topic];
  const traced = instrumentProducer(new Producer({ ...client, serializers: stringSerializers }), {
    upshot,
    event,
  });
  const closing: { close(force: boolean): Promise<void> }[] = [];
  const send = async (
    by: typeof raw,
    topic: Topic,
    order: Order,
    headers: Readonly<Record<string, string>>,
  ) => {
    await by.send({
      messages: [{ topic, key: order.id, value: JSON.stringify(order), headers: { ...headers } }],
    });
  };
  return {
    wire: { system: 'kafka', cloudEvents: 'ce_' },
    publish: (topic, order) => send(traced, topic, order, {}),
    sendRaw: (topic, order, headers) => send(raw, topic, order, headers),
    async subscribe(subscription, handle) {
      const { topic, step } = subscription;
      const groupId = `${topic}.${service}`;
      const plain = new Consumer({
        ...client,
        groupId,
        deserializers: stringDeserializers,
        maxWaitTime: MAX_WAIT_MS,
      });
      const consumer = subscription.traced
        ? instrumentConsumer(plain, { upshot, step, consumer: service })
        : plain;
      closing.push(consumer);
      const from = { mode: 'committed', fallbackMode: 'earliest', autocommit: false } as const;
      const stream = await consumer.consume({ topics: [topic], ...from });
      const take = taking(subscription, handle);
      void readOn(stream, subscription.traced ? handling(take) : take, subscription.attempts);
    },
    async close() {
      await Promise.allSettled(closing.map((one) => one.close(true)));
      await Promise.allSettled([raw, traced].map((one) => one.close()));
    },
  };
}

/** Handles each partition in its order, and several at once; an event that failed is tried again in place, for Kafka brings none again. */
async function readOn(
  stream: AsyncIterable<Texts>,
  take: (message: Texts, attempt: number) => Promise<void>,
  attempts: number,
): Promise<void> {
  const before = new Map<number, Promise<void>>();
  const handle = async (message: Texts) => {
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const isDone = await take(message, attempt).then(
        () => true,
        () => false,
      );
      if (isDone) break;
      await sleep(backOffMs(attempt));
    }
    await message.commit();
  };
  try {
    for await (const message of stream) {
      const { partition } = message;
      const next = (before.get(partition) ?? Promise.resolve()).then(() => handle(message));
      // Whoever is closed meanwhile can commit nothing: it comes again.
      before.set(
        partition,
        next.catch(() => {}),
      );
    }
  } catch {
    // Closed.
  }
}

/** Kafka has no dead letters: what failed for the last time is said to be given up, as any service on it does. */
function taking(
  { attempts, batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
): (message: Texts, attempt: number) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return async (message, attempt) => {
    const handled = attemptOf(message);
    try {
      const headers = Object.fromEntries(message.headers);
      await take({ headers, body: message.value, attempt, handled });
    } catch (error) {
      handled?.fail(error, attempt < attempts ? 'retry' : 'dead-letter');
      throw error;
    }
  };
}

function clientOf(url: string, clientId: string) {
  return { clientId, bootstrapBrokers: [url.replace(/^kafka:\/\//, '')] };
}
