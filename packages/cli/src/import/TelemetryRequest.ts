/** What a request brings, in the singular. */
export type Noun = 'span' | 'log record' | 'event record';

/** One request, ready to be sent: at most some megabytes of whole spans, log records or event records. */
export interface TelemetryRequest {
  readonly path: '/v1/traces' | '/v1/logs' | '/v1/events';
  readonly contentType: 'application/json' | 'application/x-protobuf' | 'application/cloudevents-batch+json';
  readonly body: Buffer<ArrayBuffer>;
  readonly noun: Noun;
  readonly count: number;
}

/** Requests are split above this: a quarter of what Upshot takes at once, and more than enough for speed. */
export const REQUEST_BYTES = 4 * 1024 * 1024;

/** A file of telemetry, read once for each pass over it. */
export interface TelemetryFile {
  /** When its spans ended, Unix nanoseconds. */
  ends(): AsyncIterable<bigint>;
  /** What it holds as requests, all times moved by so many nanoseconds. */
  requests(shiftNano: bigint): AsyncIterable<TelemetryRequest>;
}
