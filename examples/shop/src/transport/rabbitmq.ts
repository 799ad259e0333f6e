import { attemptOf, instrumentChannel } from '@upshot/sdk-amqplib';
import amqplib from 'amqplib';
import type { Order } from '../Order.js';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { replaying } from './replaying.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

const WIRE = { system: 'rabbitmq', cloudEvents: 'cloudEvents_' };
/** Events that one consumer handles at the same time. */
const PREFETCH = 20;

/** Headers by which it counts deliveries and tells of dead letters. */
const OF_THE_BROKER = /^x-(?:delivery-count$|death$|(?:first|last)-death-)/;

/** A fanout exchange for each topic, and a quorum queue, which counts deliveries, for each of its readers. */
export async function prepare(url: string): Promise<void> {
  const connection = await amqplib.connect(url);
  const channel = await connection.createChannel();
  for (const topic of Object.keys(TOPICS)) {
    await channel.assertExchange(topic, 'fanout', { durable: true });
    await channel.assertExchange(`${topic}.dlx`, 'direct', { durable: true });
  }
  for (const { topic, consumer } of subscriptions()) {
    const queue = queueOf(topic, consumer);
    const quorum = {
      'x-queue-type': 'quorum',
      'x-dead-letter-exchange': `${topic}.dlx`,
      'x-dead-letter-routing-key': consumer,
    };
    await channel.assertQueue(queue, { durable: true, arguments: quorum });
    await channel.bindQueue(queue, topic, '');
    await channel.assertQueue(`${queue}.dead`, { durable: true });
    await channel.bindQueue(`${queue}.dead`, `${topic}.dlx`, consumer);
  }
  await connection.close();
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const connection = await amqplib.connect(url);
  // What an error does to the service shows where it uses the connection.
  connection.on('error', () => {});
  const raw = await connection.createConfirmChannel();
  const traced = instrumentChannel(await connection.createConfirmChannel(), { upshot });
  const send = (channel: typeof raw, topic: Topic, order: Order, options: object) =>
    confirmed((sent) => {
      channel.publish(topic, '', Buffer.from(JSON.stringify(order)), { persistent: true, ...options }, sent);
    });
  return {
    wire: WIRE,
    publish: (topic, order) => send(traced, topic, order, { type: TOPICS[topic] }),
    sendRaw: (topic, order, headers) => send(raw, topic, order, { headers: { ...headers } }),
    async subscribe(subscription, handle) {
      const plain = await connection.createChannel();
      const { step } = subscription;
      const channel = subscription.traced
        ? instrumentChannel(plain, { upshot, step, consumer: service })
        : plain;
      await channel.prefetch(PREFETCH);
      await channel.consume(queueOf(subscription.topic, service), taking(channel, subscription, handle));
    },
    async replay(topic) {
      const channel = await connection.createChannel();
      const queue = queueOf(topic, service);
      let replayed = 0;
      for (;;) {
        const dead = await channel.get(`${queue}.dead`);
        if (dead === false) break;
        const { content, properties } = dead;
        // What the broker has noted of the tries before is not about those that come.
        const own = Object.entries(properties.headers ?? {}).filter(([name]) => !OF_THE_BROKER.test(name));
        const options = { ...properties, headers: Object.fromEntries(own) };
        const letter = { wire: WIRE, place: `${queue}.dead`, consumer: service, headers: options.headers };
        await replaying(upshot, letter, () =>
          confirmed((sent) => traced.publish('', queue, content, options, sent)),
        );
        channel.ack(dead);
        replayed++;
      }
      await channel.close();
      return replayed;
    },
    close: () => connection.close(),
  };
}

/** Resolves once the broker has it. */
function confirmed(publish: (sent: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    publish((error) => (error ? reject(error) : resolve()));
  });
}

type Channel = Awaited<ReturnType<Awaited<ReturnType<typeof amqplib.connect>>['createChannel']>>;
type Delivered = Parameters<Parameters<Channel['consume']>[1]>[0];

/** Acknowledges what was handled; brings back what failed, or gives it up. */
function taking(
  channel: Channel,
  { attempts, batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
): (message: Delivered) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return async (message) => {
    if (message === null) return;
    const attempt = Number(message.properties.headers?.['x-delivery-count'] ?? 0) + 1;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.properties.headers ?? {}))
      headers[name] = String(value);
    const handled = attemptOf(message);
    try {
      await take({ headers, body: message.content.toString('utf8'), attempt, handled });
      channel.ack(message);
    } catch (error) {
      // So that the reason is known, and not only that it was rejected.
      handled?.fail(error, attempt < attempts ? 'retry' : 'dead-letter');
      channel.nack(message, false, attempt < attempts);
    }
  };
}

function queueOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}`;
}
