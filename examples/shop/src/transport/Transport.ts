import type { Attempt, Transport as OnTheWire, Upshot } from '@upshot/sdk';
import type { Order } from '../Order.js';
import type { ServiceName } from '../services/readers.js';
import type { Topic } from '../topics.js';

/** An event that came in. */
export interface Incoming {
  /** Headers as texts, for consumers that read them by themselves. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From 1. */
  readonly attempt: number;
  /** What the SDK or its adapter made of it; null where neither is in use. */
  readonly handled: Attempt | null;
}

export interface Subscription {
  readonly topic: Topic;
  /** The business step. */
  readonly step: string;
  /** Tries before an event is given up and put aside as a dead letter. */
  readonly attempts: number;
  /** Events that are handled at once; 1: each by itself. */
  readonly batch: number;
  /** false: without the SDK, as a service that knows nothing of it reads. */
  readonly traced: boolean;
}

/** What the shop needs of a broker, for one service. */
export interface Transport {
  /** What headers it takes, and its name in telemetry. */
  readonly wire: OnTheWire;
  /** Publishes the topic's event with its context, by the SDK or the adapter of the client. */
  publish(topic: Topic, order: Order): Promise<void>;
  /** Sends an event with these headers and no others, as somebody without the SDK does. */
  sendRaw(topic: Topic, order: Order, headers: Readonly<Record<string, string>>): Promise<void>;
  /**
   * Has events handled, until `close`. Where the handler rejects, they come again, and become dead letters in the end.
   */
  subscribe(
    subscription: Subscription,
    handle: (events: readonly Incoming[]) => Promise<void>,
  ): Promise<void>;
  /**
   * Sends the service's dead letters of a topic to it again, and says how many those were. Not there where the broker keeps none, or has no way to one of a
   * topic's readers alone.
   */
  replay?(topic: Topic): Promise<number>;
  /** Events that were being handled come again later. */
  close(): Promise<void>;
}

export interface Connecting {
  /** Of the broker; for the embedded transport the folder that it lives in. */
  readonly url: string;
  readonly service: ServiceName;
  readonly upshot: Upshot;
}

/** A transport, one small file each: add it to `transports.ts`. */
export interface TransportModule {
  /** Makes whatever must be there before the first event is published: topics, queues. Once for the shop; may be called again. */
  prepare(url: string): Promise<void>;
  connect(connecting: Connecting): Promise<Transport>;
}
