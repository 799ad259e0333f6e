import type { DeliveryNode } from '@upshot/model';
import { badness } from '../../words/states.js';
import { groupBy } from '../model/groupBy.js';
import { errorWords, lastError } from '../model/nodeNames.js';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';

/** Branches of a stack that ended alike: in one state, and by one error. */
export interface StackGroup {
  readonly id: string;
  readonly status: DeliveryNode['status'];
  /** null: no error. */
  readonly error: string | null;
  readonly deliveries: readonly DeliveryNode[];
  readonly attempts: readonly [least: number, most: number];
}

/** The groups of a stack, the worst and then the largest first. */
export function stackGroups(index: WorkflowIndex, deliveries: readonly DeliveryNode[]): StackGroup[] {
  const errorOf = (delivery: DeliveryNode): string | null => {
    if (delivery.status === 'succeeded' || delivery.status === 'recovered') return null;
    const error = lastError(index, delivery);
    return error ? errorWords(error) : null;
  };
  const byKind = groupBy(
    deliveries.map((delivery) => ({ delivery, error: errorOf(delivery) })),
    ({ delivery, error }) => `${delivery.status}\0${error ?? ''}`,
  );
  return [...byKind]
    .map(([id, members]) => {
      let [least, most] = [Number.POSITIVE_INFINITY, 0];
      for (const { delivery } of members) {
        least = Math.min(least, delivery.attempts.length);
        most = Math.max(most, delivery.attempts.length);
      }
      const [{ delivery, error }] = members as [(typeof members)[0]];
      return {
        id,
        status: delivery.status,
        error,
        deliveries: members.map((member) => member.delivery),
        attempts: [least, most] as const,
      };
    })
    .sort((a, b) => badness(a.status) - badness(b.status) || b.deliveries.length - a.deliveries.length);
}

/** `14 failed, 9,812 succeeded`: how many of each state, the worst first. */
export function statusCounts(deliveries: readonly DeliveryNode[]): [DeliveryNode['status'], number][] {
  return [...groupBy(deliveries, ({ status }) => status)]
    .map(([, members]) => [members[0]!.status, members.length] as [DeliveryNode['status'], number])
    .sort(([a], [b]) => badness(a) - badness(b));
}
