import type { Upshot } from '@upshot/sdk';
import type { RequestLike } from './servers.js';
import type { EventAttributes } from './structured.js';

/** All of it is optional: a route works with nothing said. */
export interface ReceiveOptions {
  /** By default the one that the process has configured. */
  readonly upshot?: Upshot;
  /** Who consumes; by default the service. */
  readonly consumer?: string;
  /** The business step, for all or by the request; `event` has the attributes of a CloudEvent that stands in the body. */
  readonly step?: string | ((request: RequestLike, event: EventAttributes | null) => string | undefined);
  /** The event's name, where it is always the same and the sender does not say it. */
  readonly event?: string;
}
