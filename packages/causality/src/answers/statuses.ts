import { type DeliveryStatus, earlier, type WorkflowStatus } from '@upshot/model';
import { endOf, startOf } from '../graph/Draft.js';
import type { AttemptDraft, DeliveryDraft, StepDraft } from '../graph/nodes.js';
import type { Workflow } from './Workflow.js';

/** How long a failed delivery may still be tried again, where its hop has not shown how long that takes: 15 minutes. */
export const RETRY_HORIZON_NANO = 15n * 60n * 1_000_000_000n;

/** A try that has run for longer than this, and never said that it ended, is long overdue: its process may have died. 1 hour. */
export const OVERDUE_NANO = 60n * 60n * 1_000_000_000n;

/** The state of a branch, from its attempts by time. A success settles it; a failure settles it only when it was given up or grew old. */
export function deliveryStatus(delivery: DeliveryDraft, nowUnixNano: bigint): DeliveryStatus {
  const { attempts } = delivery;
  const last = attempts.at(-1);
  if (last === undefined) return unseenStatus(delivery, nowUnixNano);
  const success = attempts.findIndex(({ outcome }) => outcome === 'succeeded' || outcome === 'skipped');
  if (delivery.deadLettered && !healedLater(delivery)) return 'dead-lettered';
  if (success >= 0) {
    return attempts.slice(0, success).some(({ outcome }) => outcome === 'failed') || delivery.deadLettered
      ? 'recovered'
      : 'succeeded';
  }
  if (attempts.some(({ outcome }) => outcome === 'running')) return 'processing';
  return nowUnixNano - (endOf(last) ?? startOf(last)) <= RETRY_HORIZON_NANO ? 'retrying' : 'failed';
}

/** Of a delivery without attempts: given up, or expected and not there, yet or at all. */
function unseenStatus({ deadLettered, expected, event }: DeliveryDraft, nowUnixNano: bigint): DeliveryStatus {
  if (deadLettered) return 'dead-lettered';
  return expected !== null && nowUnixNano - event.time > expected.withinNano ? 'missing' : 'waiting';
}

/** Whether an attempt succeeded after the delivery had been given up: a replay that came to the same consumer. */
function healedLater(delivery: DeliveryDraft): boolean {
  const letters = delivery.attempts.flatMap(({ effects }) =>
    effects.filter(({ kind }) => kind === 'dead-lettered'),
  );
  const times = letters.map(({ to }) => (to.type === 'event' ? to.time : 0n));
  if (times.length === 0) return false;
  const given = times.reduce(earlier);
  return delivery.attempts.some(
    (attempt) =>
      attempt.outcome === 'succeeded' &&
      startOf(attempt) > given &&
      !letters.some(({ from }) => from === attempt),
  );
}

/** The branches, by event and consumer, that a replay of the event led to success after all. */
function healedBranches(statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>): Set<string> {
  const healed = new Set<string>();
  for (const [delivery, status] of statuses) {
    if (delivery.event.kind !== 'replay' || (status !== 'succeeded' && status !== 'recovered')) continue;
    healed.add(branchKey(delivery));
  }
  return healed;
}

/** Branches that were given up and came to success after all, by a replay. */
export function healedDeliveries(statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>): Set<DeliveryDraft> {
  const healed = healedBranches(statuses);
  return new Set(
    [...statuses]
      .filter(
        ([delivery, status]) =>
          delivery.deadLettered && (status === 'recovered' || healed.has(branchKey(delivery))),
      )
      .map(([delivery]) => delivery),
  );
}

function branchKey({ event, consumer }: DeliveryDraft): string {
  return JSON.stringify([(event.origin ?? event).id, consumer]);
}

/** The state of a workflow: the first that holds. */
export function workflowStatus(
  workflow: Workflow,
  statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>,
  nowUnixNano: bigint,
): WorkflowStatus {
  const states = new Set(statuses.values());
  const healed = healedBranches(statuses);
  for (const [delivery, status] of statuses) {
    if ((status === 'failed' || status === 'dead-lettered') && !healed.has(branchKey(delivery)))
      return 'failed';
  }
  if (states.has('retrying')) return 'retrying';
  const running = [...workflow.attempts, ...workflow.steps].filter(isRunning);
  const begun = running.map(({ reading }) => reading.span.startTimeUnixNano);
  if (states.has('waiting') || begun.some((start) => nowUnixNano - start <= OVERDUE_NANO))
    return 'in-progress';
  return states.has('missing') || begun.length > 0 ? 'stuck' : 'completed';
}

/** What has begun and not ended. A later attempt's success settles the earlier ones. */
export function isRunning(node: AttemptDraft | StepDraft): boolean {
  if (node.type === 'step') return node.reading.outcome === 'running';
  if (node.outcome !== 'running') return false;
  return !node.delivery!.attempts.some(({ outcome }) => outcome === 'succeeded' || outcome === 'skipped');
}
