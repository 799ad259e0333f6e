/** What the adapter uses of amqplib's channels, 0.10 and 2.x, with promises, confirms or callbacks alike. The library itself is never imported. */
export interface ChannelLike {
  publish(...args: never[]): unknown;
  consume(...args: never[]): unknown;
  get(...args: never[]): unknown;
  ack(...args: never[]): unknown;
  nack(...args: never[]): unknown;
  reject(...args: never[]): unknown;
  ackAll(): unknown;
  nackAll(...args: never[]): unknown;
  once(event: 'close', listener: () => void): unknown;
}

/** What a message looks like, as both major versions give it. */
export interface MessageLike {
  readonly content: Buffer;
  readonly fields: {
    readonly deliveryTag: number;
    readonly redelivered: boolean;
    readonly exchange: string;
    readonly routingKey: string;
  };
  readonly properties: {
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly messageId?: unknown;
    readonly correlationId?: unknown;
    readonly type?: unknown;
  };
}
