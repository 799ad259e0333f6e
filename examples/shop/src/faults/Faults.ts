import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultKind } from './Fault.js';

const realNow = Date.now;

/** The faults of one service, as they are now. They may change at any time. */
export class Faults {
  private list: readonly Fault[] = [];

  set(list: readonly Fault[]): void {
    this.list = list;
    const skew = this.amount('skew', null);
    // Everything that this process notes of times comes from here, its tracer included.
    Date.now = skew === 0 ? realNow : () => realNow() + skew;
  }

  has(kind: FaultKind, order: string): boolean {
    return this.find(kind, order) !== undefined;
  }

  /** What happens to an event before it is handled. Rejects where this try is to fail. */
  async strike(order: string, attempt: number): Promise<void> {
    const slow = this.amount('slow', order);
    if (slow > 0) await sleep(slow);
    if (this.has('poison', order))
      throw new PoisonError(`${order} can't be read: unexpected end of its data`);
    if (attempt <= this.amount('fail', order)) throw new Error('the other side answers HTTP 503');
  }

  private amount(kind: FaultKind, order: string | null): number {
    return this.find(kind, order)?.amount ?? 0;
  }

  private find(kind: FaultKind, order: string | null): Fault | undefined {
    return this.list.find(
      (fault) =>
        fault.kind === kind && (fault.orders === null || (order !== null && fault.orders.includes(order))),
    );
  }
}

/** An event that no try will ever get through. */
class PoisonError extends Error {
  override readonly name = 'PoisonError';
}
