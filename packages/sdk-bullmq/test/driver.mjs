import { createRequire } from 'node:module';
import { attemptOf, instrumentQueue, instrumentWorker } from '@upshot/sdk-bullmq';
import { bullOver } from './bullOver.mjs';

const require = createRequire(import.meta.url);

/**
 * @typedef {import('../../../test/brokers/service/Driver.js').Received} Received
 * @typedef {import('../../../test/brokers/service/Driver.js').Reading} Reading
 */

/** @type {import('../../../test/brokers/service/Driver.js').DriverModule['connect']} */
export async function connect({ url, library }) {
  const bull = await bullOver(library, url);
  const { Queue, Worker } = bull;
  // BullMQ's telemetry is an option of its own, which an instrumentation could not set.
  const own = (process.env.OFFICIAL ?? '').split(',').find((name) => name.startsWith('bullmq-otel'));
  const telemetry =
    own === undefined ? undefined : new (require(own).BullMQOtel)({ tracerName: own, meterName: own });
  const { connection } = bull;
  const shared = { connection, telemetry };
  /** @type {Map<string, any>} */
  const queues = new Map();
  /** @type {any[]} */
  const workers = [];
  /** @param {string} name */
  function queueOf(name) {
    let queue = queues.get(name);
    if (queue === undefined) {
      queue = instrumentQueue(new Queue(name, shared));
      queue.on('error', () => {});
      queues.set(name, queue);
    }
    return queue;
  }

  /** A queue has one kind of reader: each consumer has its own. @param {string} destination @returns {Promise<string[]>} */
  const queuesAt = async (destination) =>
    (await bull.placeAt(destination)).consumers.map((consumer) => `${destination}.${consumer}`);

  /**
   * @param {string} queue
   * @param {string} consumer
   * @param {Reading} reading
   * @param {((received: Received) => Promise<void>) | null} handler
   */
  function work(queue, consumer, { step }, handler) {
    const process = handler === null ? null : (/** @type {any} */ job) => handler(receivedOf(job));
    const worker = instrumentWorker(new Worker(queue, process, shared), { consumer, step });
    worker.on('error', () => {});
    // What a user does for whom the failed set is not enough: a queue for those whom nobody tries again.
    worker.on('failed', (/** @type {any} */ job) => {
      if (job === undefined || job.attemptsMade < job.opts.attempts) return;
      const dead = queueOf(`${queue}.dead`);
      attemptOf(job)?.run(() => dead.add(job.name, job.data, { telemetry: job.opts.telemetry }));
    });
    workers.push(worker);
    return worker;
  }

  return {
    declare: (place) => bull.declare(place),
    async publish({ destination, event, id }) {
      const { attempts } = await bull.placeAt(destination);
      const options = { attempts, backoff: { type: 'fixed', delay: 50 }, removeOnComplete: true };
      for (const queue of await queuesAt(destination)) await queueOf(queue).add(event, { id }, options);
    },
    async publishStripped({ destination, event, id }) {
      for (const name of await queuesAt(destination)) {
        const losing = new Queue(name, shared);
        const add = losing.add;
        losing.add = (/** @type {any[]} */ ...[job, data]) =>
          add.call(losing, job, data, { telemetry: { omitContext: true } });
        await instrumentQueue(losing).add(event, { id });
        await losing.close();
      }
    },
    async publishBare({ destination, event, id, headers }) {
      // A queue without telemetry: what is in the options is all that there is.
      for (const name of await queuesAt(destination)) {
        const queue = new Queue(name, { connection });
        const metadata = headers === undefined ? undefined : { metadata: JSON.stringify(headers) };
        await queue.add(event, { id }, { telemetry: metadata });
        await queue.close();
      }
    },
    async consume(reading, handler) {
      work(`${reading.destination}.${reading.consumer}`, reading.consumer, reading, handler);
    },
    async consumeDeadLetters(reading, handler) {
      const { destination, consumer } = reading;
      work(`${destination}.${consumer}.dead`, `${consumer}.dead`, reading, handler);
    },
    async consumeBatch(reading, size, handler) {
      const worker = work(`${reading.destination}.${reading.consumer}`, reading.consumer, reading, null);
      const jobs = [];
      while (jobs.length < size) jobs.push(await worker.getNextJob('token'));
      await handler(jobs.map(receivedOf));
      for (const job of jobs) await job.moveToCompleted(null, 'token', false);
    },
    async resend({ message }, destination) {
      const { name, data, opts } = /** @type {any} */ (message);
      for (const queue of await queuesAt(destination))
        await queueOf(queue).add(name, data, { telemetry: opts.telemetry, attempts: 2 });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close(true)));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await bull.close();
    },
  };
}

/** @param {any} job */
function receivedOf(job) {
  return { id: job.data.id, attempt: attemptOf(job), message: job };
}
