import type { Attempt } from '@upshot/sdk';
import { type DeliveryInfo, deliveriesOf, type Terms } from './clients.js';

const NANOS_PER_MS = 1e6;
/** What the server takes where the consumer names none. */
const DEFAULT_ACK_WAIT_MS = 30_000;
/** The longest that a timer of Node can wait. */
const MOST_TIMER_MS = 2 ** 31 - 1;

/** One delivery that waits for its acknowledgement: after the consumer's ack-wait, the broker gives the message to somebody else. */
export class Delivery {
  private timer: NodeJS.Timeout | null = null;

  /** @param done called once, when it is settled */
  constructor(
    readonly attempt: Attempt,
    readonly info: DeliveryInfo,
    private readonly terms: Terms,
    private readonly done: () => void,
  ) {
    this.wait();
  }

  /** It is worked on: the broker waits anew. */
  working(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.wait();
  }

  succeed(): void {
    this.settle();
    this.attempt.succeed();
  }

  /** It comes again, where it has not come as often as the consumer allows. */
  again(error: unknown): void {
    this.settle();
    this.attempt.fail(error, this.isLast() ? 'dead-letter' : 'retry');
  }

  giveUp(error: unknown): void {
    this.settle();
    this.attempt.fail(error, 'dead-letter');
  }

  private isLast(): boolean {
    const most = Number(this.terms.max_deliver ?? -1);
    return most > 0 && deliveriesOf(this.info) >= most;
  }

  private settle(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.done();
  }

  private wait(): void {
    const after = ackWaitMs(this.terms, deliveriesOf(this.info));
    this.timer = setTimeout(
      () => this.again(named('AckWait', `not acknowledged within ${after} ms`)),
      Math.min(after, MOST_TIMER_MS),
    );
    this.timer.unref();
  }
}

/** `backoff` has a wait for each delivery, and its last for all thereafter; it replaces `ack_wait`. */
function ackWaitMs({ ack_wait, backoff }: Terms, delivery: number): number {
  const waits: unknown[] = Array.isArray(backoff) ? backoff : [];
  const own = Number(waits[Math.min(delivery, waits.length) - 1] ?? ack_wait ?? 0);
  return own > 0 ? Math.ceil(own / NANOS_PER_MS) : DEFAULT_ACK_WAIT_MS;
}

/** An error of which the name and the message say all: its stack would be that of the adapter. */
export function named(type: string, message: string): Error {
  const error = new Error(message);
  error.name = type;
  error.stack = undefined;
  return error;
}
