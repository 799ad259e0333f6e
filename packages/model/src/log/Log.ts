import type { Attributes, AttributeValue, SpanSource } from '../span/Span.js';

/** A log record as it was received: nothing judged, nothing mended. Times in Unix nanoseconds. */
export interface Log {
  /** Lower-case hex; "" where it names no span. */
  readonly traceId: string;
  readonly spanId: string;
  readonly timeUnixNano: bigint;
  readonly observedTimeUnixNano: bigint;
  /** OTLP's SeverityNumber, 0 to 24; 0 where none was given. */
  readonly severityNumber: number;
  readonly severityText: string;
  /** "" for a plain line. */
  readonly eventName: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly droppedAttributesCount: number;
  readonly flags: number;
  readonly source: SpanSource;
  /** The bytes of all that has no column: what tells apart two records of one span and time. */
  readonly tail: Uint8Array;
  /** Whether it tells of an exception. */
  readonly isException: boolean;
}

/** The words for OTLP's ranges of SeverityNumber, the least first. */
export const SEVERITIES = ['unspecified', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** 1 to 4 is trace, 5 to 8 debug, and so on (OpenTelemetry's logs data model, "Field: SeverityNumber"). */
export function severityOf(severityNumber: number): Severity {
  return SEVERITIES[Math.ceil(severityNumber / 4)] ?? 'unspecified';
}
