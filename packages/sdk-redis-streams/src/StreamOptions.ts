import type { Upshot } from '@upshot/sdk';

/** Names and values of an entry. */
export type Fields = Readonly<Record<string, unknown>>;

/** All of it is optional: a client works with nothing said. */
export interface StreamOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** The event's name; by default what the entry's context says, else the stream. */
  readonly event?: (stream: string, fields: Fields) => string | undefined;
  /** Who consumes; by default the group. */
  readonly consumer?: string;
  /** The business step: one for all, one for each group, or by the entry. */
  readonly step?:
    | string
    | Readonly<Record<string, string>>
    | ((group: string, fields: Fields) => string | undefined);
  /** Deliveries after which the application gives an entry up. Redis has no such number: without it, a failure is always tried again. */
  readonly attempts?: number;
}
