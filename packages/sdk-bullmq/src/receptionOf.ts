import type { Reception, Transport } from '@upshot/sdk';
import type { WorkerOptions } from './BullOptions.js';
import type { JobLike } from './clients.js';
import { headersOf } from './metadata.js';

/** A job as what came in. */
export function receptionOf(
  queue: string,
  job: JobLike,
  transport: Transport,
  options: WorkerOptions,
): Reception {
  const headers = headersOf(job.opts);
  return {
    transport,
    headers,
    consumer: options.consumer ?? queue,
    step: stepOf(job, options),
    destination: queue,
    placeName: job.name,
    messageId: job.id,
    // A stalled job has begun more often than it has failed.
    attempt: job.attemptsStarted || job.attemptsMade + 1,
    attributes: { 'bullmq.job.name': job.name, ...(job.id === undefined ? {} : { 'bullmq.job.id': job.id }) },
  };
}

function stepOf(job: JobLike, { step }: WorkerOptions): string | undefined {
  if (typeof step === 'string' || step === undefined) return step;
  if (typeof step !== 'function') return Object.hasOwn(step, job.name) ? step[job.name] : undefined;
  try {
    return step(job);
  } catch {
    return undefined;
  }
}
