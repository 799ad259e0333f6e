import type { SpanBatch } from '../batch/SpanBatch.js';

/**
 * Log records as columns. They are the columns of spans, so that all that carries, keeps and finds rows serves both; what differs is what they hold:
 *
 * | column | of a log record |
 * |---|---|
 * | `traceIds`, `spanIds` | the span in which it was written; all zero where it names none |
 * | `starts` | its time, else when it was observed, else when it was received |
 * | `durations` | when it was observed less its time |
 * | `kinds` | `LogKind` |
 * | `statuses` | OTLP's SeverityNumber, 0 to 24 |
 * | `names` | the name of the event, "" for a plain line |
 * | `tails` | the remaining fields of OTLP's LogRecord, as they came: severity text, body, attributes, flags, unknown ones |
 * | `parentSpanIds`, `entries` | nothing: all zero |
 *
 * `services`, `sources` and `keys` are those of spans.
 */
export type LogBatch = SpanBatch;

/** What stands in the column of kinds. The numbers are stored: never renumber them. */
export const LogKind = {
  line: 0,
  /** It tells of an exception: semantic conventions 1.41 moved these from span events to log records. */
  exception: 1,
} as const;
export type LogKind = (typeof LogKind)[keyof typeof LogKind];

/** OTLP's highest SeverityNumber, FATAL4. */
export const HIGHEST_SEVERITY = 24;
