import type { DeliveryNode } from '@upshot/model';
import { isTroubled } from '../../words/states.js';

/** More like branches than this are one stack. */
export const STACK_ABOVE = 6;
/** As long as they are no more than so many, branches in trouble stay out of the stack. */
export const ALONE_UP_TO = 5;

export interface Stacked {
  readonly alone: readonly DeliveryNode[];
  /** Empty: there is no stack. */
  readonly stack: readonly DeliveryNode[];
}

/** Like branches, of one event name and one consumer, as single cards and one stack: what is in trouble is not to vanish in a crowd. */
export function stackLike(deliveries: readonly DeliveryNode[]): Stacked {
  if (deliveries.length <= STACK_ABOVE) return { alone: deliveries, stack: [] };
  const troubled = deliveries.filter(({ status }) => isTroubled(status));
  if (troubled.length > ALONE_UP_TO) return { alone: [], stack: deliveries };
  const stack = deliveries.filter(({ status }) => !isTroubled(status));
  return stack.length <= STACK_ABOVE ? { alone: deliveries, stack: [] } : { alone: troubled, stack };
}
