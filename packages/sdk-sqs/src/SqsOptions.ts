import type { Upshot } from '@upshot/sdk';

/** All of it is optional: a client works with nothing said. */
export interface SqsOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The event's name; by default the attribute `upshot-event-name`, else the topic or queue. */
  readonly event?: (place: string, input: Readonly<Record<string, unknown>>) => string | undefined;
  /** The consumer's name; by default that of its queue. */
  readonly consumer?: string | ((queue: string) => string | undefined);
  /** The business step that handling a message is: one for all, one for each queue, or by the message. */
  readonly step?:
    | string
    | Readonly<Record<string, string>>
    | ((queue: string, message: object) => string | undefined);
  /**
   * `maxReceiveCount` of the queue's redrive policy, one for all or one for each queue: the last receipt that fails is a dead letter. By default what
   * the client has seen of the queue's attributes.
   */
  readonly maxReceives?: number | Readonly<Record<string, number>>;
}
