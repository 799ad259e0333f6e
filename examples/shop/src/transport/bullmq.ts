import { addToEach, attemptOf, instrumentWorker } from '@upshot/sdk-bullmq';
import { type Job, type JobsOptions, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Order } from '../Order.js';
import { subscriptions } from '../services/readers.js';
import { TOPICS, type Topic } from '../topics.js';
import { gather } from './gather.js';
import { ATTEMPTS } from './retries.js';
import type { Connecting, Incoming, Subscription, Transport } from './Transport.js';

/** Jobs that one consumer handles at the same time. */
const MOST_AT_ONCE = 20;
/** Milliseconds between looks for jobs whose worker is gone. */
const STALLED_MS = 5_000;
const OPTIONS: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: 60 },
  removeOnComplete: true,
};

/** Queues are there once somebody adds to them. */
export async function prepare(url: string): Promise<void> {
  (await dial(url)).disconnect();
}

/** A queue for each reader of a topic: a job has one kind of worker, so an event becomes a job in each of them. What is given up stays in the queue's failed set. */
export async function connect({ url, service, upshot }: Connecting): Promise<Transport> {
  const connection = await dial(url);
  const workers: Worker[] = [];
  const plain = subscriptions().map(({ topic, consumer }) => ({
    topic,
    queue: new Queue(queueOf(topic, consumer), { connection }),
  }));
  for (const { queue } of plain) queue.on('error', () => {});
  const at = (topic: Topic) => plain.filter((one) => one.topic === topic).map(({ queue }) => queue);
  return {
    wire: { system: 'bullmq', cloudEvents: null },
    async publish(topic, order) {
      const options = { upshot, destination: topic };
      await addToEach(at(topic), TOPICS[topic], order, OPTIONS, options);
    },
    async sendRaw(topic, order, headers) {
      const telemetry = { metadata: JSON.stringify(headers) };
      for (const queue of at(topic)) await queue.add(TOPICS[topic], order, { ...OPTIONS, telemetry });
    },
    async subscribe(subscription, handle) {
      const { topic, step } = subscription;
      const options = { connection, concurrency: MOST_AT_ONCE, stalledInterval: STALLED_MS };
      const worker = new Worker(queueOf(topic, service), taking(subscription, handle), options);
      worker.on('error', () => {});
      if (subscription.traced) instrumentWorker(worker, { upshot, step, consumer: service });
      workers.push(worker);
      await worker.waitUntilReady();
    },
    async replay(topic) {
      const [queue] = plain.filter(({ queue: { name } }) => name === queueOf(topic, service));
      const failed = (await queue?.queue.getFailed()) ?? [];
      await Promise.all(failed.map((job) => job.retry()));
      return failed.length;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close(true)));
      await Promise.all(plain.map(({ queue }) => queue.close()));
      connection.disconnect();
    },
  };
}

/** @throws Error where nobody answers */
async function dial(url: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  redis.on('error', () => {});
  await redis.connect();
  return redis;
}

function taking(
  { batch }: Subscription,
  handle: (events: readonly Incoming[]) => Promise<void>,
): (job: Job<Order>) => Promise<void> {
  const take = gather<Incoming>(batch, handle);
  return (job) =>
    take({
      headers: headersOf(job.opts.telemetry?.metadata),
      body: JSON.stringify(job.data),
      attempt: job.attemptsMade + 1,
      handled: attemptOf(job),
    });
}

/** What BullMQ carries beside a job is one text. */
function headersOf(metadata: string | undefined): Record<string, string> {
  try {
    return metadata === undefined ? {} : JSON.parse(metadata);
  } catch {
    return {};
  }
}

function queueOf(topic: string, consumer: string): string {
  return `${topic}.${consumer}`;
}
