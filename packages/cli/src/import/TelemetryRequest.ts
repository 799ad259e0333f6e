/** One export request, ready to be sent: at most some megabytes of whole spans. */
export interface TelemetryRequest {
  readonly contentType: 'application/json' | 'application/x-protobuf';
  readonly body: Buffer<ArrayBuffer>;
  readonly spans: number;
}

/** Requests are split above this: a quarter of what Upshot takes at once, and more than enough for speed. */
export const REQUEST_BYTES = 4 * 1024 * 1024;

/** A file of telemetry, read once for each pass over it. */
export interface TelemetryFile {
  /** When its spans ended, Unix nanoseconds. */
  ends(): AsyncIterable<bigint>;
  /** Its spans as requests, all times moved by so many nanoseconds. */
  requests(shiftNano: bigint): AsyncIterable<TelemetryRequest>;
}
