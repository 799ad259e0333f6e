import type { Upshot } from '@upshot/sdk';
import type { MessageLike } from './clients.js';

/** All of it is optional: a client works with nothing said. */
export interface PublisherOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The event's name; by default the message's header `upshot-event-name` or `ce-type`, else its subject. */
  readonly event?: (subject: string, options: Readonly<Record<string, unknown>>) => string | undefined;
}

export interface ConsumerOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The consumer's name; by default that of JetStream's consumer. */
  readonly consumer?: string;
  /** The business step that handling a message is: one for all, one for each subject, or by the message. */
  readonly step?:
    | string
    | Readonly<Record<string, string>>
    | ((subject: string, message: MessageLike) => string | undefined);
}

export interface NatsOptions extends PublisherOptions, ConsumerOptions {}
