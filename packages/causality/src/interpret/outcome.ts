import { type FailureCause, type Span, StatusCode } from '@upshot/model';
import { asText, said } from './concepts.js';
import type { Reading } from './Reading.js';

type Outcome = Pick<Reading, 'outcome' | 'error'>;

const OUTCOMES = new Set(['succeeded', 'failed', 'skipped', 'running']);

/**
 * How a span ended. Failed is what says so: status ERROR, `error.type` (set only where an operation ended with an error), or
 * `otel.status_code` as an attribute (NServiceBus). An exception event alone is not enough: handled exceptions are recorded too.
 */
export function outcomeOf(span: Span): Outcome {
  const error = errorOf(span);
  const stated = said(span.attributes, 'outcome');
  if (stated !== null && OUTCOMES.has(stated)) {
    const outcome = stated as Outcome['outcome'];
    return { outcome, error: outcome === 'failed' ? (error ?? UNKNOWN_ERROR) : null };
  }
  if (span.endTimeUnixNano === 0n) return { outcome: 'running', error: null };
  const failed =
    span.status.code === StatusCode.error ||
    span.attributes.has('error.type') ||
    span.attributes.get('otel.status_code') === 'ERROR';
  return failed
    ? { outcome: 'failed', error: error ?? UNKNOWN_ERROR }
    : { outcome: 'succeeded', error: null };
}

const UNKNOWN_ERROR: FailureCause = { type: 'Error', message: '' };

/** The error that a span tells of: its last exception event first, for it is the most telling, else attributes and status. */
export function errorOf(span: Span): FailureCause | null {
  const exception = span.events.findLast((event) => event.name === 'exception');
  const type =
    said(span.attributes, 'errorType') ?? asText(exception?.attributes.get('exception.type')) ?? null;
  const message =
    asText(exception?.attributes.get('exception.message')) ??
    asText(span.attributes.get('exception.message')) ??
    (span.status.message ||
      asText(span.attributes.get('otel.status_description')) ||
      asText(span.attributes.get('error.message')));
  if (type === null && !message) return null;
  return { type: type ?? 'Error', message: message ?? '' };
}
