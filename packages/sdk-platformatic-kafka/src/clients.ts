/** What the adapter uses of @platformatic/kafka. The library is never imported. */
export interface ProducerLike {
  send(options: never, ...rest: never[]): unknown;
}

export interface ConsumerLike {
  readonly groupId: string;
  consume(options: never, ...rest: never[]): unknown;
}

/** A message to send. */
export interface MessageOut {
  readonly topic: string;
  readonly key?: unknown;
  readonly partition?: number;
  readonly headers?: unknown;
}

/** A message that has come in. */
export interface MessageIn {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key?: unknown;
  readonly headers?: unknown;
}
