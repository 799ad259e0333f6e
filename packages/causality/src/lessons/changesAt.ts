import { type DeliveryStatus, earlier } from '@upshot/model';
import { isRunning, OVERDUE_NANO, RETRY_HORIZON_NANO } from '../answers/statuses.js';
import type { Workflow } from '../answers/Workflow.js';
import { endOf, startOf } from '../graph/Draft.js';
import type { DeliveryDraft } from '../graph/nodes.js';

/** When the state of a workflow changes next by the clock alone, Unix nanoseconds; null where only what arrives can change it. */
export function changesAt(
  workflow: Workflow,
  statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>,
  nowUnixNano: bigint,
): bigint | null {
  const moments: bigint[] = [];
  for (const [{ attempts, event, expected }, status] of statuses) {
    if (status === 'waiting' && expected !== null) moments.push(event.time + expected.withinNano + 1n);
    const last = attempts.at(-1);
    if (status === 'retrying' && last !== undefined)
      moments.push((endOf(last) ?? startOf(last)) + RETRY_HORIZON_NANO + 1n);
  }
  for (const node of [...workflow.attempts, ...workflow.steps]) {
    if (isRunning(node)) moments.push(node.reading.span.startTimeUnixNano + OVERDUE_NANO + 1n);
  }
  const coming = moments.filter((moment) => moment > nowUnixNano);
  return coming.length === 0 ? null : coming.reduce(earlier);
}
