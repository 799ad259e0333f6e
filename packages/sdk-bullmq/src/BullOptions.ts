import type { Upshot } from '@upshot/sdk';
import type { JobLike } from './clients.js';

/** All of it is optional: a queue works with nothing said. */
export interface QueueOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The event's name; by default that of the job. */
  readonly event?: (jobName: string, data: unknown) => string | undefined;
}

/** All of it is optional: a worker works with nothing said. */
export interface WorkerOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The consumer's name; by default that of the queue. */
  readonly consumer?: string;
  /** The business step that a job is: one for all, one for each name of a job, or by the job. */
  readonly step?: string | Readonly<Record<string, string>> | ((job: JobLike) => string | undefined);
}
