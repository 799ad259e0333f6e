import { type FailureCause, StatusCode } from '@upshot/model';
import { said } from '../../interpret/concepts.js';
import { byStart, type Draft, startOf } from '../Draft.js';
import type { AttemptDraft, GraphDraftNode } from '../nodes.js';

/** How deep below an attempt a failed step is looked for. */
const DEPTH = 8;

/**
 * The failures that handlers caught: instrumentations of Kafka and RabbitMQ in Java and Python, and handlers that answer a failure by publishing a
 * dead letter, leave the status of the attempt unset. A step below it that failed tells, where the attempt's message came again to the same consumer
 * or was given up; without that the handler may well have coped, and nothing is said. A bare fetch whose message came again tells by that alone, and so
 * does work on a message of SQS.
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

  /** The error of the last failed step below a batch's span, of whichever of its messages: where one came again, that is what broke the batch off. */
  ofBatch(attempt: AttemptDraft): FailureCause | null {
    return attempt.outcome === 'succeeded' && isUnset(attempt) ? lastErrorBelow(attempt, true) : null;
  }

  /** Whether it is only by the fate of its message that an attempt may have failed: nothing in it says so. */
  onlyByFate(attempt: AttemptDraft): boolean {
    return this.of(attempt) === NOT_ACKNOWLEDGED;
  }

  /** Whether an attempt failed, by its own word or by a step below it, or may have by the fate of its message. */
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
      const again = attempts[at + 1];
      const error = failures.of(attempt) ?? (again === undefined ? null : failures.ofBatch(attempt));
      if (error === null || !(again !== undefined ? cameAfter(attempt, again, error) : deadLettered)) return;
      attempt.outcome = 'failed';
      attempt.error = error;
    });
  }
}

/** Whether the error of an attempt tells what was decided about the message, and not why: the step that failed below it tells that. */
function saysOnlyVerdict({ error }: AttemptDraft): boolean {
  return error !== null && VERDICTS.has(error.type);
}
/** RabbitMQ's, of the official instrumentation and of our adapter, and Pub/Sub's; those of JetStream and SQS, each with its time to acknowledge. */
const VERDICTS: ReadonlySet<string> = new Set([
  ...['nack', 'nackAll', 'reject'],
  ...['nacked', 'expired'],
  ...['AckWait', 'nak', 'term'],
  ...['ChangeMessageVisibility', 'VisibilityTimeout'],
]);

function isUnset({ reading }: AttemptDraft): boolean {
  return reading.stored && reading.records.length === 0 && reading.span.status.code === StatusCode.unset;
}

/** Whether a message came again after an attempt. Of one that was still being worked on it says only that SQS had waited long enough. */
function cameAfter(attempt: AttemptDraft, again: AttemptDraft, error: FailureCause): boolean {
  if (error === NOT_ACKNOWLEDGED) return startOf(again) >= attempt.reading.span.endTimeUnixNano;
  return byStart(attempt, again) < 0;
}

/**
 * SQS is told that work has failed by not deleting its message: where it came again, or was moved to the dead letters, it had not been deleted. Of a bare fetch
 * nothing else is known; and of a batch a function in Lambda says in its answer which messages failed (`batchItemFailures`: Lambda, "Handling errors for an SQS
 * event source"), which no span tells of.
 */
function unacknowledged({ reading: { role, system, span } }: AttemptDraft): FailureCause | null {
  if (system !== 'aws_sqs') return null;
  if (role === 'receive') return NOT_DELETED;
  return said(span.attributes, 'outcome') === null ? NOT_ACKNOWLEDGED : null;
}
const NOT_DELETED: FailureCause = {
  type: 'not deleted',
  message: 'the message was received and not deleted',
};
const NOT_ACKNOWLEDGED: FailureCause = {
  type: 'not deleted',
  message: 'the message was processed and not deleted',
};

function lastErrorBelow(attempt: AttemptDraft, ofAny = false): FailureCause | null {
  let last: { end: bigint; error: FailureCause } | null = null;
  let layer: GraphDraftNode[] = [attempt];
  for (let depth = 0; depth < DEPTH && layer.length > 0; depth++) {
    const next: GraphDraftNode[] = [];
    for (const node of layer) {
      for (const { to, kind, ambiguous } of node.effects) {
        if (kind !== 'called' || (ambiguous && !ofAny) || to.type !== 'step') continue;
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
