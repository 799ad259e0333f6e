import type { Order } from '../Order.js';
import type { Topic } from '../topics.js';

/** What a service may do while it handles an event. */
export interface Work {
  /** A named piece of work. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Publishes the topic's event about an order. */
  publish(topic: Topic, order: Order): Promise<void>;
}

export interface Reading {
  readonly topic: Topic;
  /** The business step that handling an event of it is. */
  readonly step: string;
  /** @throws what makes the transport bring the event again */
  readonly handle: (order: Order, work: Work) => Promise<void>;
}

/** A service of the shop: a process that reads topics. */
export interface Service {
  readonly name: string;
  readonly reads: readonly Reading[];
}
