import type { Cause } from '@upshot/model';

/**
 * What must be said of an edge that its sender did not declare: `joined by message ID`, `guessed, 60 %`. Null for one that a
 * parent or a link declares.
 */
export function causeWords(cause: Cause | null): string | null {
  if (!cause) return null;
  if (cause.confidence < 1) {
    const from = cause.evidence.includes('correlation-id') ? 'guessed from correlation ID' : 'guessed';
    return `${from}, ${percent(cause.confidence)}`;
  }
  if (cause.evidence.includes('parent') || cause.evidence.includes('link')) return null;
  if (cause.evidence.includes('event-id')) return 'joined by message ID';
  if (cause.evidence.includes('causation-id')) return 'joined by causation ID';
  if (cause.evidence.includes('broker-position')) return 'joined by position';
  return null;
}

/** Cut off, never rounded up: what is guessed is never 100 %. */
function percent(confidence: number): string {
  // 0.29 * 100 is 28.999…: a nudge keeps whole percents whole and is far too small to make 100 of less than 1.
  const whole = Math.floor(confidence * 100 + 1e-9);
  return whole < 1 ? 'under 1 %' : `${Math.min(99, whole)} %`;
}
