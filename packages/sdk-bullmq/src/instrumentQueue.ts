import { upshot as processWide, type Sending, type Upshot } from '@upshot/sdk';
import { BULLMQ } from './BULLMQ.js';
import type { QueueOptions } from './BullOptions.js';
import type { JobLike, JobOptionsLike, QueueLike } from './clients.js';
import { carrying, headersOf } from './metadata.js';

/** The library's own `add` of a queue that is instrumented. */
const originals = new WeakMap<object, Add>();

export type Add = (name: string, data: unknown, options?: JobOptionsLike) => Promise<JobLike>;
type AddBulk = (jobs: readonly NewJob[]) => Promise<JobLike[]>;

interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts?: JobOptionsLike;
}

/**
 * One line for a queue: `const queue = instrumentQueue(new Queue('orders', { connection }))`. Each job that it adds is an event that carries its
 * context. The same queue is returned.
 */
export function instrumentQueue<Queue extends QueueLike>(queue: Queue, options: QueueOptions = {}): Queue {
  if (originals.has(queue)) return queue;
  const own = queue as unknown as { add: Add; addBulk: AddBulk };
  const { upshot = processWide } = options;
  const [add, addBulk] = [own.add.bind(queue), own.addBulk.bind(queue)];
  originals.set(queue, add);

  own.add = (name, data, given) => {
    if (isNoEvent(given)) return add(name, data, given);
    const sending = openJob(upshot, queue.name, { name, data, opts: given }, options);
    return sent([sending], () => add(name, data, carrying(given, sending.headers)));
  };
  own.addBulk = (jobs) => {
    const sendings = jobs.map((job) =>
      isNoEvent(job.opts) ? null : openJob(upshot, queue.name, job, options),
    );
    const carried = jobs.map((job, at) => {
      const sending = sendings[at];
      return sending === null || sending === undefined
        ? job
        : { ...job, opts: carrying(job.opts, sending.headers) };
    });
    return sent(sendings, () => addBulk(carried));
  };
  return queue;
}

/** Adds a job as the library does, whether the queue is instrumented or not. */
export function plainAdd(queue: QueueLike): Add {
  return originals.get(queue) ?? (queue as unknown as { add: Add }).add.bind(queue);
}

/** A job that repeats is no one event: each of its runs begins a workflow. And who says to leave the context out means it. */
function isNoEvent(options: JobOptionsLike | undefined): boolean {
  const { repeat, telemetry } = options ?? {};
  return repeat !== undefined || (telemetry?.omitContext === true && telemetry.metadata === undefined);
}

/** Begins to publish a job. */
export function openJob(
  upshot: Upshot,
  queue: string,
  { name, data, opts }: NewJob,
  options: QueueOptions,
): Sending {
  return upshot.open({
    transport: BULLMQ,
    event: nameOf(name, data, options),
    destination: queue,
    headers: headersOf(opts),
  });
}

/** Sends jobs in the context of the first one, and ends them all. */
export async function sent<Result>(
  sendings: readonly (Sending | null)[],
  send: () => Promise<Result>,
): Promise<Result> {
  const opened = sendings.filter((sending) => sending !== null);
  const [first] = opened;
  try {
    const result = await (first === undefined ? send() : first.run(send));
    const jobs = Array.isArray(result) ? result : [result];
    for (const [at, sending] of sendings.entries()) {
      sending?.learn({ 'bullmq.job.id': (jobs[at] as JobLike | undefined)?.id });
      sending?.end();
    }
    return result;
  } catch (error) {
    for (const sending of opened) sending.end(error);
    throw error;
  }
}

function nameOf(name: string, data: unknown, { event }: QueueOptions): string {
  try {
    return event?.(name, data) ?? name;
  } catch {
    return name;
  }
}
