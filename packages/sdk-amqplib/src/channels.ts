/** What the adapter uses of amqplib's channels, 0.10 and 2.x, with promises, confirms or callbacks alike. The library itself is never imported. */
export interface ChannelLike {
  publish(exchange: string, routingKey: string, content: Buffer, options?: object, ...rest: never[]): boolean;
  consume(queue: string, onMessage: never, options?: object, ...rest: never[]): unknown;
  ack(message: never, allUpTo?: boolean): void;
  nack(message: never, allUpTo?: boolean, requeue?: boolean): void;
  reject(message: never, requeue?: boolean): void;
  ackAll(): void;
  nackAll(requeue?: boolean): void;
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
