import type { Upshot } from '@upshot/sdk';

export interface SenderOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** By default the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /** Tries of one address before the event is given up there; by default 5. */
  readonly attempts?: number;
  /** Milliseconds from the failure of this attempt (from 1) to the next; by default 1 s, doubled each time, and 5 min at most. What `Retry-After` says is heeded where it is longer. */
  readonly backOffMs?: (attempt: number, url: string) => number;
  /** Milliseconds for one answer; by default 10 000. */
  readonly timeoutMs?: number;
  /** Puts an event aside that was given up at an address. Without it, `send` rejects. */
  readonly onGivenUp?: (givenUp: GivenUp) => unknown;
}

/** An event that is sent to one address or to several. */
export interface Webhook {
  /** The event's name, `order.shipped`. */
  readonly event: string;
  readonly to: string | readonly string[];
  /** What is sent as JSON. */
  readonly payload: unknown;
  /** The event's ID; by default a new UUID. */
  readonly id?: string;
  /** Where it goes, in the words of people; by default its address, and of several addresses its name. */
  readonly destination?: string;
  /** What a receiver is called that sends no telemetry; by default the host of its address. */
  readonly consumer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** It is an event that `headers` speak of, once more. */
  readonly resend?: boolean;
}

export interface Delivered {
  readonly url: string;
  readonly status: number;
  readonly attempts: number;
}

export interface GivenUp {
  readonly url: string;
  readonly webhook: Webhook;
  /** The headers that it was sent with: with `resend`, what carries them is the same event. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attempts: number;
  readonly error: unknown;
}
