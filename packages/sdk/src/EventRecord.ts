/** A record of `POST /v1/events`, as far as the SDK sends any: a handler that has begun and is not done. Times are Unix nanoseconds. */
export interface EventRecord {
  readonly eventId: string;
  readonly eventName: string;
  readonly phase: 'processing';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly consumerName: string;
  readonly step?: string;
  readonly attempt?: number;
  readonly destination?: string;
  readonly startTimeUnixNano: string;
}
