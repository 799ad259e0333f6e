import type { Attempt, Decision } from '@upshot/sdk';
import type { JobLike } from './clients.js';

/** Errors by which a handler says that its job was moved elsewhere and comes again: nothing has failed. */
const MOVED: Readonly<Record<string, string>> = {
  DelayedError: 'moved to the delayed jobs',
  WaitingError: 'moved back to the waiting jobs',
  WaitingChildrenError: 'waits for its children',
};
/** The message of `Worker.RateLimitError()`. */
const RATE_LIMITED = 'bullmq:rateLimitExceeded';

/** Settles the attempt of a job whose handler has thrown, as BullMQ will decide on the job. */
export function settleFailed(
  attempt: Attempt,
  job: JobLike,
  error: unknown,
  decision = decisionOf(job, error),
): void {
  const moved = movedBy(error);
  if (moved !== null) attempt.skip(moved);
  else attempt.fail(error, decision);
}

/** As BullMQ decides whether a job is tried again: not beyond `attempts`, and not after an `UnrecoverableError`. */
export function decisionOf(job: JobLike, error: unknown): Decision {
  const { attempts = 1 } = job.opts ?? {};
  const discarded = (job as { discarded?: unknown }).discarded === true;
  const isLast = discarded || job.attemptsMade + 1 >= attempts || isNamed(error, 'UnrecoverableError');
  return isLast ? 'dead-letter' : 'retry';
}

function movedBy(error: unknown): string | null {
  for (const [name, reason] of Object.entries(MOVED)) if (isNamed(error, name)) return reason;
  return error instanceof Error && error.message === RATE_LIMITED ? 'held back by the rate limit' : null;
}

/** Whether an error is of this class of BullMQ's, or of one below it: classes are known by name, the library is not imported. */
function isNamed(error: unknown, name: string): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === name) return true;
  for (let at: object | null = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    if (at.constructor?.name === name) return true;
  }
  return false;
}
