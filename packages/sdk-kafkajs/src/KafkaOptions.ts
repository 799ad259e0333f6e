import type { Upshot } from '@upshot/sdk';
import type { MessageIn, MessageOut } from './clients.js';

/** All of it is optional: a client works with nothing said. */
export interface ProducerOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The event's name; by default the message's header `upshot-event-name` or `ce_type`, else the topic. */
  readonly event?: (topic: string, message: MessageOut) => string | undefined;
}

export interface ConsumerOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The consumer's name; by default its group. */
  readonly consumer?: string;
  /** The business step that handling a message is: one for all, one for each topic, or by the message. */
  readonly step?:
    | string
    | Readonly<Record<string, string>>
    | ((topic: string, message: MessageIn) => string | undefined);
}

export interface KafkaOptions extends ProducerOptions, ConsumerOptions {}
