import type { SpanLimits } from '../otlp/protobuf/SpanDecoder.js';

/** Everything that a sender could otherwise have without end. Each is an option; these are the defaults. */
export interface ReceiverLimits extends SpanLimits {
  /** Bytes of one request's body as sent. */
  readonly bodyBytes: number;
  /** Bytes of one request's body once inflated: inflating stops there. */
  readonly inflatedBytes: number;
  /** Bytes of all requests that are being read, inflated or stored. */
  readonly inFlightBytes: number;
  /** Spans of one request; its resources and scopes count, too. */
  readonly spansPerRequest: number;
  /** Bytes of a text, or of an attribute's value, of a span, its events and links, of a log record, of an event record: what is longer is cut and marked. */
  readonly attributeBytes: number;
  /** Bytes of a resource with a scope, encoded: each span's row refers to them. */
  readonly sourceBytes: number;
  /** Lists and objects in a JSON body. */
  readonly jsonNodes: number;
  readonly recordsPerRequest: number;
  /** Bytes (UTF-8) of an ID or name of an event record. */
  readonly recordTextBytes: number;
  /** Levels of lists and maps inside an event record. */
  readonly recordDepth: number;
  /** Connections on each port. */
  readonly connections: number;
  /** Requests at once on one gRPC connection. */
  readonly streamsPerConnection: number;
  /** For all headers of a request to arrive. */
  readonly headersTimeoutMs: number;
  /** For a whole request to arrive. */
  readonly requestTimeoutMs: number;
  /** For a connection without a request: longer than the minute after which most load balancers drop theirs. */
  readonly idleTimeoutMs: number;
  /** What a sender that is turned away for now is told to wait. */
  readonly retryAfterSeconds: number;
}

export const DEFAULT_LIMITS: ReceiverLimits = {
  bodyBytes: 16 * 1024 * 1024,
  inflatedBytes: 64 * 1024 * 1024,
  inFlightBytes: 96 * 1024 * 1024,
  attributesPerSpan: 1024,
  eventsPerSpan: 4096,
  linksPerSpan: 16_384,
  attributeDepth: 32,
  attributeBytes: 64 * 1024,
  spansPerRequest: 1_000_000,
  sourceBytes: 64 * 1024,
  jsonNodes: 3_000_000,
  recordsPerRequest: 100_000,
  recordTextBytes: 1024,
  recordDepth: 32,
  connections: 4096,
  streamsPerConnection: 256,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  idleTimeoutMs: 75_000,
  retryAfterSeconds: 1,
};
