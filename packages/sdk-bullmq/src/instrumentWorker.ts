import { type Attempt, upshot as processWide } from '@upshot/sdk';
import { transportOf } from './BULLMQ.js';
import type { WorkerOptions } from './BullOptions.js';
import type { JobLike, WorkerLike } from './clients.js';
import { decisionOf, settleFailed } from './fateOf.js';
import { receptionOf } from './receptionOf.js';

/** Milliseconds within which BullMQ tells what became of a job: it is one command to Redis, and a lost lock tells nothing. */
const TOLD_WITHIN_MS = 5000;

const attempts = new WeakMap<object, Attempt>();
const done = new WeakSet<object>();

/**
 * The attempt that a job is being handled as: to `run` something for it outside of its handler, to `skip` it, or to say why it is given up. Null for
 * a job of a worker that was not instrumented.
 */
export function attemptOf(job: object): Attempt | null {
  return attempts.get(job) ?? null;
}

type Handler = (this: unknown, job: JobLike, ...rest: unknown[]) => unknown;

/** What BullMQ keeps on a worker, and on a job, and is ours to wrap. */
interface Own {
  processFn?: Handler;
  getNextJob?: (...args: unknown[]) => Promise<JobLike | undefined>;
  readonly opts: { readonly settings?: { readonly backoffStrategy?: unknown } };
  on(event: 'failed', listener: (job: JobLike | undefined, error: Error) => void): unknown;
}

type Move = (...args: unknown[]) => Promise<unknown>;

/**
 * One line for a worker: `const worker = instrumentWorker(new Worker('orders', handler, { connection }))`, where it is made. Each try of a job is an
 * attempt, with what becomes of the job. The same worker is returned.
 */
export function instrumentWorker<Worker extends WorkerLike>(
  worker: Worker,
  options: WorkerOptions = {},
): Worker {
  if (done.has(worker)) return worker;
  done.add(worker);
  const own = worker as unknown as Own;
  const { upshot = processWide } = options;
  const transport = transportOf(worker.opts);
  const begin = (job: JobLike): Attempt => {
    const attempt = upshot.begin(receptionOf(worker.name, job, transport, options));
    attempts.set(job, attempt);
    return attempt;
  };
  /** Attempts whose job waits for a verdict that only BullMQ knows: strategies of the user for the back-off may give up. */
  const undecided = new WeakMap<object, (decision: 'retry' | 'dead-letter') => void>();

  const handler = own.processFn;
  if (handler !== undefined) {
    own.processFn = async function (this: unknown, job, ...rest) {
      const attempt = begin(job);
      try {
        const result = await attempt.run(() => handler.call(this, job, ...rest));
        attempt.succeed();
        return result;
      } catch (error) {
        if (typeof own.opts.settings?.backoffStrategy !== 'function' || decisionOf(job, error) !== 'retry')
          settleFailed(attempt, job, error);
        else {
          const timer = setTimeout(() => settleFailed(attempt, job, error), TOLD_WITHIN_MS);
          timer.unref();
          undecided.set(job, (decision) => {
            clearTimeout(timer);
            settleFailed(attempt, job, error, decision);
          });
        }
        throw error;
      }
    };
  } else if (own.getNextJob !== undefined) takenByHand(own, begin);

  own.on('failed', (job, error) => {
    if (job === undefined || job === null) return;
    const decide = undecided.get(job);
    if (decide !== undefined) decide(typeof job.finishedOn === 'number' ? 'dead-letter' : 'retry');
    // It never came to its handler: it has stalled too often, or a child of it has failed.
    else if (!attempts.has(job)) begin(job).fail(error, 'dead-letter');
  });
  return worker;
}

/** Jobs that the application takes with `getNextJob`, and moves on itself. */
function takenByHand(own: Own, begin: (job: JobLike) => Attempt): void {
  const getNextJob = own.getNextJob!;
  own.getNextJob = async (...args) => {
    const job = await getNextJob.apply(own, args);
    if (job === undefined || job === null) return job;
    const attempt = begin(job);
    const moved = job as JobLike & { moveToCompleted: Move; moveToFailed: Move };
    const { moveToCompleted, moveToFailed } = moved;
    moved.moveToCompleted = (...results) => {
      attempt.succeed();
      return moveToCompleted.apply(job, results);
    };
    moved.moveToFailed = (error, ...more) => {
      settleFailed(attempt, job, error);
      return moveToFailed.call(job, error, ...more);
    };
    return job;
  };
}
