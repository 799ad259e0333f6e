import { type FailureCause, StatusCode } from '@upshot/model';
import { byStart, type Draft } from '../Draft.js';
import type { AttemptDraft, GraphDraftNode } from '../nodes.js';

/** How deep below an attempt a failed step is looked for. */
const DEPTH = 8;

/**
 * The failures that handlers caught: instrumentations of Kafka and RabbitMQ in Java and Python, and handlers that answer a failure by publishing a
 * dead letter, leave the status of the attempt unset. A step below it that failed tells, where the attempt's message came again to the same consumer
 * or was given up; without that the handler may well have coped, and nothing is said. A bare fetch whose message came again tells by that alone.
 */
export class FailuresBelow {
  private readonly known = new Map<AttemptDraft, FailureCause | null>();

  /** The error of the last failed step below an attempt whose own status is unset; null where there is none. */
  of(attempt: AttemptDraft): FailureCause | null {
    let error = this.known.get(attempt);
    if (error === undefined) {
      const silent = attempt.outcome === 'succeeded' && isUnset(attempt);
      error = silent ? (lastErrorBelow(attempt) ?? unacknowledged(attempt)) : null;
      this.known.set(attempt, error);
    }
    return error;
  }

  /** Whether an attempt failed, by its own word or by a step below it. */
  failed(attempt: AttemptDraft): boolean {
    return attempt.outcome === 'failed' || this.of(attempt) !== null;
  }
}

/** Marks as failed what was tried again, or given up, after a step of it had failed; and says why, where the attempt says but that it failed. */
export function failBelow(draft: Draft, failures: FailuresBelow): void {
  for (const { attempts, deadLettered } of draft.deliveries) {
    attempts.forEach((attempt, at) => {
      if (attempt.outcome === 'failed' && saysOnlyVerdict(attempt)) {
        attempt.error = lastErrorBelow(attempt) ?? attempt.error;
        return;
      }
      const error = failures.of(attempt);
      const again = attempts[at + 1];
      if (error === null || !(again !== undefined ? byStart(attempt, again) < 0 : deadLettered)) return;
      attempt.outcome = 'failed';
      attempt.error = error;
    });
  }
}

/** Whether the error of an attempt tells what was decided about the message, and not why: the step that failed below it tells that. */
function saysOnlyVerdict({ error }: AttemptDraft): boolean {
  return error !== null && VERDICTS.has(error.type);
}
const VERDICTS: ReadonlySet<string> = new Set(['nack', 'nackAll', 'reject', 'nacked', 'expired']);

function isUnset({ reading }: AttemptDraft): boolean {
  return reading.stored && reading.records.length === 0 && reading.span.status.code === StatusCode.unset;
}

/**
 * Of a bare fetch from SQS nothing is known but that it was made; where its message came again, or was moved to the dead letters, it had not been
 * deleted: that is how SQS is told that the work has failed.
 */
function unacknowledged({ reading: { role, system } }: AttemptDraft): FailureCause | null {
  return role === 'receive' && system === 'aws_sqs' ? NOT_DELETED : null;
}
const NOT_DELETED: FailureCause = {
  type: 'not deleted',
  message: 'the message was received and not deleted',
};

function lastErrorBelow(attempt: AttemptDraft): FailureCause | null {
  let last: { end: bigint; error: FailureCause } | null = null;
  let layer: GraphDraftNode[] = [attempt];
  for (let depth = 0; depth < DEPTH && layer.length > 0; depth++) {
    const next: GraphDraftNode[] = [];
    for (const node of layer) {
      for (const { to, kind, ambiguous } of node.effects) {
        if (kind !== 'called' || ambiguous || to.type !== 'step') continue;
        const { error, outcome, span } = to.reading;
        if (outcome === 'failed' && error !== null && (last === null || span.endTimeUnixNano > last.end)) {
          last = { end: span.endTimeUnixNano, error };
        }
        next.push(to);
      }
    }
    layer = next;
  }
  return last === null ? null : last.error;
}
