import { type FailureCause, type Log, type Span, StatusCode } from '@upshot/model';
import { asText, said } from './concepts.js';
import { lastException, type ToldException } from './exceptions.js';
import type { Reading } from './Reading.js';

type Outcome = Pick<Reading, 'outcome' | 'error'>;

const OUTCOMES = new Set(['succeeded', 'failed', 'skipped', 'running']);

/**
 * How a span ended. Failed is what says so: status ERROR, `error.type` (set only where an operation ended with an error), or
 * `otel.status_code` as an attribute (NServiceBus). An exception event alone is not enough: handled exceptions are recorded too.
 * `logs`: the log records of exceptions that were written in it.
 */
export function outcomeOf(span: Span, logs: readonly Log[] = []): Outcome {
  const exception = lastException(logs);
  const error = errorOf(span, exception);
  const stated = said(span.attributes, 'outcome');
  if (stated !== null && OUTCOMES.has(stated)) {
    const outcome = stated as Outcome['outcome'];
    return { outcome, error: outcome === 'failed' ? (error ?? UNKNOWN_ERROR) : null };
  }
  if (span.endTimeUnixNano === 0n) return { outcome: 'running', error: null };
  const failed =
    span.status.code === StatusCode.error ||
    span.attributes.has('error.type') ||
    span.attributes.get('otel.status_code') === 'ERROR' ||
    (span.status.code !== StatusCode.ok && exception?.failed === true);
  return failed
    ? { outcome: 'failed', error: error ?? UNKNOWN_ERROR }
    : { outcome: 'succeeded', error: null };
}

const UNKNOWN_ERROR: FailureCause = { type: 'Error', message: '' };

/** The error that a span tells of: its last exception, event or log record, first, for it is the most telling, else attributes and status. */
export function errorOf(span: Span, told: ToldException | null = null): FailureCause | null {
  const exception = span.events.findLast((event) => event.name === 'exception');
  const type =
    said(span.attributes, 'errorType') ??
    asText(exception?.attributes.get('exception.type')) ??
    told?.type ??
    null;
  const message =
    asText(exception?.attributes.get('exception.message')) ??
    told?.message ??
    asText(span.attributes.get('exception.message')) ??
    (span.status.message ||
      asText(span.attributes.get('otel.status_description')) ||
      asText(span.attributes.get('error.message')));
  if (type === null && !message) return null;
  return { type: type ?? 'Error', message: message ?? '' };
}
