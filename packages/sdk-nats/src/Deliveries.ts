import { type Attempt, upshot as processWide } from '@upshot/sdk';
import type { MessageLike, Terms } from './clients.js';
import { Delivery, named } from './Delivery.js';
import type { ConsumerOptions } from './NatsOptions.js';
import { receptionOf } from './receptionOf.js';

const attempts = new WeakMap<object, Attempt>();

/**
 * The attempt that a message is being handled as: in a loop over messages, to `run` what follows from this one; to `skip` it, or to say why it failed
 * before `nak` or `term`. Null for a message of a consumer that was not instrumented.
 */
export function attemptOf(message: object): Attempt | null {
  return attempts.get(message) ?? null;
}

/** The deliveries of one consumer that nobody has settled. */
export class Deliveries {
  private readonly open = new Set<Delivery>();
  private readonly byMessage = new WeakMap<object, Delivery>();
  private terms: Terms = {};

  constructor(private readonly options: ConsumerOptions) {}

  /** What the broker says of the consumer, as far as it is known. */
  learn(info: unknown): void {
    const { config } = (info ?? {}) as { config?: unknown };
    if (typeof config === 'object' && config !== null) this.terms = config;
  }

  /** Whether a message is settled by its delivery alone. */
  get needsNoAck(): boolean {
    return this.terms.ack_policy === 'none';
  }

  /** Begins an attempt of a message, which its acknowledgement will settle. The same message comes twice from some of the clients' own calls. */
  begin(message: MessageLike): Attempt {
    const before = attempts.get(message);
    if (before !== undefined) return before;
    const attempt = (this.options.upshot ?? processWide).begin(receptionOf(message, this.options));
    attempts.set(message, attempt);
    if (!this.needsNoAck) this.watch(message, attempt);
    return attempt;
  }

  /** The handler has failed: nobody acknowledges, unless somebody does elsewhere. */
  failed(message: MessageLike, error: unknown): void {
    const delivery = this.byMessage.get(message);
    if (delivery !== undefined) delivery.again(error);
    else attempts.get(message)?.fail(error);
  }

  private watch(message: MessageLike, attempt: Attempt): void {
    const delivery = new Delivery(attempt, message.info, this.terms, () => this.open.delete(delivery));
    this.open.add(delivery);
    this.byMessage.set(message, delivery);
    const own = message as unknown as Record<string, (...args: unknown[]) => unknown>;
    const before = (name: string, note: () => void) => {
      const original = own[name];
      if (typeof original !== 'function') return;
      own[name] = (...args) => {
        note();
        return original.apply(message, args);
      };
    };
    const acknowledged = () => {
      for (const one of this.settledWith(delivery)) one.succeed();
    };
    before('ack', acknowledged);
    before('ackAck', acknowledged);
    before('next', acknowledged);
    before('nak', () => delivery.again(named('nak', 'nak called on message')));
    before('term', () => delivery.giveUp(named('term', 'term called on message')));
    before('working', () => delivery.working());
  }

  /** Under the policy `all`, an acknowledgement covers all that was delivered before. */
  private settledWith(delivery: Delivery): readonly Delivery[] {
    if (this.terms.ack_policy !== 'all') return [delivery];
    return [...this.open].filter(({ info }) => info.deliverySequence <= delivery.info.deliverySequence);
  }
}
