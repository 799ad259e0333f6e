import type { Attempt, Upshot } from '@upshot/sdk';

/** What a driver is given: it connects one service of the cases to the broker, through the adapter under test. */
export interface Connecting {
  /** What clients connect to. */
  readonly url: string;
  /** The module of the library under test, for `require`: another one where several major versions are tested. */
  readonly library: string;
  /** The service's name. */
  readonly service: string;
  readonly upshot: Upshot;
}

/** A place that events go to, and who reads it. */
export interface Place {
  /** Unique to the case. */
  readonly destination: string;
  readonly consumers: readonly string[];
  /** Tries of one message before it is a dead letter of its consumer. */
  readonly attempts: number;
}

export interface Sent {
  readonly destination: string;
  readonly event: string;
  /** Unique within a case. */
  readonly id: string;
  /** Only of `publishBare`: all that the message carries. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reading extends Place {
  readonly consumer: string;
  /** The name of the business step that the adapter is told. */
  readonly step: string;
}

export interface Received {
  /** Of the message that was sent. */
  readonly id: string;
  /** The attempt that the adapter has opened for it. */
  readonly attempt: Attempt | null;
  /** The message as the library gave it: for `resend`. */
  readonly message: unknown;
}

/**
 * One adapter in the cases' words. A handler that rejects has failed: the driver does what a user of the library would do, and the
 * message comes again until `attempts`; then it goes to the dead letters of its consumer.
 */
export interface Driver {
  declare(place: Place): Promise<void>;
  /** Through the adapter. */
  publish(sent: Sent): Promise<void>;
  /** Past the adapter and any instrumentation, as a sender that knows nothing of Upshot: with `headers` and nothing else. */
  publishBare(sent: Sent): Promise<void>;
  /**
   * Through the adapter, and what it put into the message's headers is lost on the way: the producer tells of it, and its consumer knows but what
   * the broker says. Left out where that is nothing.
   */
  publishStripped?(sent: Sent): Promise<void>;
  consume(reading: Reading, handler: (received: Received) => Promise<void>): Promise<void>;
  /** Calls the handler once with all of `size` messages that are there already. */
  consumeBatch?(
    reading: Reading,
    size: number,
    handler: (received: readonly Received[]) => Promise<void>,
  ): Promise<void>;
  /** Reads what `consumer` could not process; the one who reads is called `consumer` + `.dead`. */
  consumeDeadLetters?(reading: Reading, handler: (received: Received) => Promise<void>): Promise<void>;
  /** Sends a message to a place once more, through the adapter, with the headers that it has. */
  resend?(received: Received, destination: string): Promise<void>;
  close(): Promise<void>;
}

/** What a driver's module exports. */
export interface DriverModule {
  connect(connecting: Connecting): Promise<Driver>;
}
