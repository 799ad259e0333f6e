/**
 * A record of `POST /v1/events`, as far as the SDK sends any: a handler that has begun and is not done, or a message that a broker has given up while
 * nobody was there to say so. Times are Unix nanoseconds.
 */
export interface EventRecord {
  readonly eventId: string;
  readonly eventName: string;
  readonly phase: 'processing' | 'dead-lettered';
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly consumerName: string;
  readonly step?: string;
  readonly attempt?: number;
  readonly destination?: string;
  readonly startTimeUnixNano: string;
  readonly error?: { readonly type: string; readonly message: string };
}
