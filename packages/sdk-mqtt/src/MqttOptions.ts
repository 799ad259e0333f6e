import type { Upshot } from '@upshot/sdk';
import type { PacketLike } from './clients.js';

/** All of it is optional: a client works with nothing said. */
export interface MqttOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The consumer's name; by default the service's: a client's ID is mostly made by chance, and a message does not tell its subscription. */
  readonly consumer?: string | ((topic: string, packet: PacketLike) => string | undefined);
  /** The business step that handling a message is: one for all, one for each topic, or by the message. */
  readonly step?:
    | string
    | Readonly<Record<string, string>>
    | ((topic: string, packet: PacketLike) => string | undefined);
  /** The event's name; by default the user property `upshot-event-name` or CloudEvents' `type`, else the topic. */
  readonly event?: (topic: string, options: Readonly<Record<string, unknown>>) => string | undefined;
}
