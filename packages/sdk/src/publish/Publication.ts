import type { Attributes } from '@opentelemetry/api';
import type { Attempt } from '../process/Attempt.js';
import type { Transport } from '../wire/Transport.js';

/** An event that is about to be sent. */
export interface Publication {
  /** The event's name, `order.placed`. Without it: what `headers` say, else `placeName`, else the destination. */
  readonly event?: string;
  /** The event's ID; by default a new UUID. */
  readonly id?: string;
  /** The business workflow. By default what `headers` say, else that of the event being handled, or of `workflow`. */
  readonly correlationId?: string;
  /** The ID of the event that directly caused this one. By default the one being handled. */
  readonly causationId?: string;
  /** The message of a batch that this follows from. By default what is being handled here. */
  readonly cause?: Attempt;
  /** Topic, exchange, queue, URL. */
  readonly destination?: string;
  /** What an adapter calls the event where nobody has named it: a routing key, a topic. */
  readonly placeName?: string;
  /** The message's key or partition key. */
  readonly key?: string;
  /** The message's own headers: what they state of the event is kept, and they count against the transport's limit. */
  readonly headers?: unknown;
  /**
   * The event is sent again (a retry topic, a replay from a dead-letter queue): its ID, name, correlation and causation are those in `headers`.
   * By default that is meant where `headers` carry an event ID and its name is `event`, or, without `event`, the place is that of the same event, a
   * retry or a dead letter.
   */
  readonly resend?: boolean;
  readonly transport?: Transport;
  /** Further attributes of the span. */
  readonly attributes?: Attributes;
}
