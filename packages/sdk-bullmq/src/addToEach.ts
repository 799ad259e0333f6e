import { upshot as processWide, type Upshot } from '@upshot/sdk';
import type { JobLike, JobOptionsLike, QueueLike } from './clients.js';
import { openJob, plainAdd, sent } from './instrumentQueue.js';
import { carrying } from './metadata.js';

export interface EachOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** What stands for all of the queues: a topic, which BullMQ does not have. By default the event's name. */
  readonly destination?: string;
}

/**
 * Adds a job to each of several queues, as one event: a fan-out, which BullMQ itself does not have. So each queue's worker is one of the event's consumers, where an `add` to each queue
 * would be as many events. The queues may be instrumented or not.
 *
 * @param name the jobs', and the event's
 * @returns the jobs, in the order of their queues
 * @throws what the first queue says that refuses its job; others may have theirs
 */
export async function addToEach(
  queues: readonly QueueLike[],
  name: string,
  data: unknown,
  opts: JobOptionsLike = {},
  { upshot = processWide, destination = name }: EachOptions = {},
): Promise<readonly JobLike[]> {
  const sending = openJob(upshot, destination, { name, data, opts }, {});
  const carried = carrying(opts, sending.headers);
  return sent([sending], () => Promise.all(queues.map((queue) => plainAdd(queue)(name, data, carried))));
}
