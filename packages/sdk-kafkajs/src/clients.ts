/** What the adapter uses of kafkajs, and of Confluent's client with the same interface. Neither library is ever imported. */
export interface KafkaLike {
  producer(...args: never[]): ProducerLike;
  consumer(...args: never[]): ConsumerLike;
}

export interface ProducerLike {
  send(...args: never[]): Promise<unknown>;
  sendBatch(...args: never[]): Promise<unknown>;
  transaction(...args: never[]): Promise<unknown>;
}

export interface ConsumerLike {
  run(...args: never[]): Promise<void>;
}

/** A message to send. */
export interface MessageOut {
  readonly key?: unknown;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** A message that has come in: a topic's record. */
export interface MessageIn {
  readonly key?: unknown;
  readonly offset: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

export interface EachMessage {
  readonly topic: string;
  readonly partition: number;
  readonly message: MessageIn;
}

export interface EachBatch {
  readonly batch: {
    readonly topic: string;
    readonly partition: number;
    readonly messages: readonly MessageIn[];
  };
  resolveOffset(offset: string): void;
}
