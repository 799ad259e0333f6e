/** What the adapter uses of JetStream's clients: `@nats-io/jetstream` 3 and `nats` 2. Neither library is ever imported. */
export interface JetStreamLike {
  publish(subject: string, payload?: never, options?: never): Promise<unknown>;
  readonly consumers: object;
}

export interface ConsumerLike {
  consume(options?: never): Promise<unknown>;
  info(cached?: boolean): Promise<unknown>;
}

/** A message as both clients give it. */
export interface MessageLike {
  readonly subject: string;
  readonly headers?: HeadersLike;
  readonly info: DeliveryInfo;
  ack(): void;
  nak(millis?: number): void;
  term(reason?: string): void;
  working(): void;
}

/** What the broker says of one delivery. */
export interface DeliveryInfo {
  readonly stream: string;
  readonly consumer: string;
  /** From 1. */
  readonly deliveryCount?: number;
  /** The same, as `nats` before 2.29 calls it. */
  readonly redeliveryCount?: number;
  readonly streamSequence: number;
  readonly deliverySequence: number;
}

export type HeadersLike = Iterable<readonly [name: string, values: readonly string[]]>;

/** What a consumer's configuration says that matters here. Times are nanoseconds. */
export interface Terms {
  readonly ack_policy?: unknown;
  readonly ack_wait?: unknown;
  readonly backoff?: unknown;
  readonly max_deliver?: unknown;
}

/** How often a message has been delivered, this time included; 1 where nobody says. */
export function deliveriesOf({ deliveryCount, redeliveryCount }: DeliveryInfo): number {
  const count = deliveryCount ?? redeliveryCount ?? 1;
  return count > 0 ? count : 1;
}
