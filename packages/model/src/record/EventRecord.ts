import type { AttributeValue } from '../span/Span.js';

/** What an event record says happened to its event. */
export const PHASES = [
  'published',
  'processing',
  'succeeded',
  'failed',
  'dead-lettered',
  'replayed',
  'skipped',
] as const;
export type Phase = (typeof PHASES)[number];

/** A record of one event, or a CloudEvent, in the form in which it is stored. IDs are free text; "" or null where none was given. */
export interface EventRecord {
  readonly form: 'event-record' | 'cloudevent';
  readonly eventId: string;
  readonly eventName: string;
  readonly phase: Phase;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly parentSpanId: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly producer: string;
  readonly consumerName: string | null;
  readonly step: string | null;
  /** From 1. */
  readonly attempt: number | null;
  readonly destination: string | null;
  readonly environment: string;
  /** Unix nanoseconds as decimal text; the time of receipt where the sender gave none. */
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string | null;
  readonly error: { readonly type: string; readonly message: string } | null;
  /** The span in which a CloudEvent was created: its `traceparent` (CloudEvents distributed tracing extension). */
  readonly createdIn: { readonly traceId: string; readonly spanId: string } | null;
  /** What the sender gave beyond the fields above. JSON values. */
  readonly attributes: { readonly [key: string]: AttributeValue };
}
