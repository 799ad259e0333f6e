import type { Upshot } from '@upshot/sdk';
import type { MessageLike } from './channels.js';

/** All of it is optional: a channel works with nothing said. */
export interface ChannelOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The consumer's name; by default that of its queue. */
  readonly consumer?: string | ((queue: string, message: MessageLike) => string | undefined);
  /** The business step that handling a message is: one for all, one for each queue, or by the message. */
  readonly step?:
    | string
    | Readonly<Record<string, string>>
    | ((queue: string, message: MessageLike) => string | undefined);
  /** The event's name; by default the message's property `type`, else its routing key, else its exchange. */
  readonly event?: (
    exchange: string,
    routingKey: string,
    options: Readonly<Record<string, unknown>>,
  ) => string | undefined;
}
