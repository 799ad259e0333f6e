import { setTimeout as sleep } from 'node:timers/promises';
import { attemptOf, handle as handleEntry, instrumentStreams } from '@upshot/sdk-redis-streams';
import { Redis } from 'ioredis';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { InHand } from './InHand.js';
import { backOffMs } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

/** Entries that a stream keeps, about: some weeks of a small shop. */
const KEEPS = 10_000;
/** Events that one consumer handles at the same time. */
const MOST_AT_ONCE = 20;
/** How long a read waits for news, and so how late a claim may be. */
const WAITS_MS = 100;
/** After an error of Redis, which the client tries to come back from. */
const AWAY_MS = 500;
/** One process a service: what it has not acknowledged it finds again after a restart. */
const READER = 'the-only-one';

/** As Redis gives it: an entry's ID, and its names and values in one list. */
type Entry = [id: string, fields: string[]];
type Pending = [id: string, reader: string, idleMs: number, deliveries: number];

/** A stream for each topic, and a group of it for each of its readers. */
export async function prepare(url: string): Promise<void> {
  const redis = await dial(url);
  for (const { topic, consumer } of subscriptions())
    await redis.xgroup('CREATE', topic, consumer, '0', 'MKSTREAM').catch((error: Error) => {
      if (!error.message.startsWith('BUSYGROUP')) throw error;
    });
  redis.disconnect();
}

export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const raw = await dial(url);
  const event = (stream: string) => TOPICS[stream as Topic];
  const traced = instrumentStreams(await dial(url), { upshot, event });
  const readers: Redis[] = [];
  const closed = new AbortController();
  const add = (by: Redis, stream: string, fields: Readonly<Record<string, string>>) =>
    by.xadd(stream, 'MAXLEN', '~', KEEPS, '*', ...Object.entries(fields).flat());
  return {
    // Fields are all that an entry has, and its readers see them: as the adapter, a few headers and no more.
    wire: { system: 'redis', cloudEvents: null, mostHeaders: 6 },
    async publish(topic, order) {
      await add(traced, topic, { order: JSON.stringify(order) });
    },
    async sendRaw(topic, order, headers) {
      await add(raw, topic, { order: JSON.stringify(order), ...headers });
    },
    async subscribe(subscription, handle) {
      const { topic, step, attempts } = subscription;
      const plain = await dial(url);
      const redis = subscription.traced
        ? instrumentStreams(plain, { upshot, step, attempts, consumer: service })
        : plain;
      readers.push(redis);
      const putAside = (fields: Readonly<Record<string, string>>) =>
        add(subscription.traced ? traced : raw, `${topic}.${service}.dead`, fields);
      const take = taking(redis, service, subscription, handle, putAside);
      void readOn(redis, topic, service, take, closed.signal);
    },
    async close() {
      closed.abort();
      for (const one of [...readers, traced, raw]) one.disconnect();
    },
  };
}

/** @throws Error where nobody answers */
async function dial(url: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true });
  // What an error does to the service shows where it uses the connection.
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

/** Reads what is new, and claims what has failed once its back-off is over, until the end. What it works on itself is pending, too, and is let be. */
async function readOn(
  redis: Redis,
  stream: string,
  group: string,
  take: (entry: Entry, deliveries: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const inHand = new InHand<string>();
  const begin = (entry: Entry, deliveries: number) =>
    void inHand.during(entry[0], () => take(entry, deliveries)).catch(() => {});
  while (!signal.aborted) {
    try {
      const free = MOST_AT_ONCE - inHand.size;
      if (free > 0) {
        const asked = ['COUNT', free, 'BLOCK', WAITS_MS, 'STREAMS', stream, '>'] as const;
        const read = (await redis.xreadgroup('GROUP', group, READER, ...asked)) as [string, Entry[]][] | null;
        for (const entry of read?.[0]?.[1] ?? []) begin(entry, 1);
      } else await sleep(WAITS_MS);
      const pending = (await redis.xpending(stream, group, '-', '+', MOST_AT_ONCE * 2)) as Pending[];
      for (const [id, , idleMs, deliveries] of pending) {
        if (inHand.has(id) || idleMs < backOffMs(deliveries)) continue;
        const [entry] = (await redis.xclaim(stream, group, READER, 0, id)) as Entry[];
        if (entry !== undefined) begin(entry, deliveries + 1);
      }
    } catch {
      if (!signal.aborted) await sleep(AWAY_MS);
    }
  }
}

/** Acknowledges what was handled, and what was put aside; what failed stays pending. */
function taking(
  redis: Redis,
  group: string,
  { topic, attempts, batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
  putAside: (fields: Readonly<Record<string, string>>) => Promise<unknown>,
): (entry: Entry, deliveries: number) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return async (entry, attempt) => {
    const [id, list] = entry;
    const fields = Object.fromEntries(
      list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? '']] : [])),
    ) as Record<string, string>;
    const { order: body = '', ...headers } = fields;
    const handled = attemptOf(entry);
    try {
      await handleEntry(entry, () => take({ headers, body, attempt, handled }));
    } catch {
      if (attempt < attempts) return;
      await (handled === null ? putAside(fields) : handled.run(() => putAside(fields)));
    }
    await redis.xack(topic, group, id);
  };
}
