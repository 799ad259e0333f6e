import type { Attributes, Link } from '@opentelemetry/api';
import type { Relation } from '../UpshotOptions.js';
import type { Transport } from '../wire/Transport.js';
import type { Attempt } from './Attempt.js';
import type { Decision } from './Decision.js';

/** A message that has come in. */
export interface Reception {
  /** Its headers, as the client hands them over. */
  readonly headers?: unknown;
  /** Who consumes: by default `service`. Of an adapter: the group, the queue. */
  readonly consumer?: string;
  /** The business step, `reserve-inventory`: the span's name. */
  readonly step?: string;
  /** The event's name, where the headers don't say it or the application knows better. */
  readonly event?: string;
  /** What an adapter calls the event where nobody has named it: a routing key, a topic. */
  readonly placeName?: string;
  /** Topic, exchange, queue. */
  readonly destination?: string;
  /** The broker's own message ID; the event's where headers name none. */
  readonly messageId?: string;
  /** A correlation that stands elsewhere than in headers (AMQP's property); headers come first. */
  readonly correlationId?: string;
  /** Where headers name no span, this one sent it (a context that stands in a row or a payload, as headers). */
  readonly carrier?: unknown;
  /** Which attempt it is, from 1, as the broker counts. By default what the headers say; else it is left to Upshot. */
  readonly attempt?: number;
  readonly key?: string;
  readonly partition?: number | string;
  /** Position in the partition or stream. Beyond 2^53 as a text. */
  readonly offset?: number | string;
  readonly transport?: Transport;
  /**
   * The handler passes the event itself on (the relay of an outbox, a bridge between brokers): what it publishes without another name is that event
   * once more, with its ID.
   */
  readonly relays?: boolean;
  readonly relation?: Relation;
  /** What becomes of the message if the handler fails with this error. Asked by `process` alone. */
  readonly decide?: (error: unknown, attempt: Attempt) => Decision;
  /** Further attributes of the span. */
  readonly attributes?: Attributes;
  /** Further links of the span. */
  readonly links?: readonly Link[];
}
