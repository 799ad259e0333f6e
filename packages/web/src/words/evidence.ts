import type { Cause } from '@upshot/model';

/** How sure a cause is, and how its line is dashed: declared, stitched by IDs, guessed. */
export type Certainty = 'declared' | 'stitched' | 'guessed';

export const CERTAINTIES: readonly Certainty[] = ['declared', 'stitched', 'guessed'];

export function certaintyOf(cause: Pick<Cause, 'evidence' | 'confidence'>): Certainty {
  if (cause.confidence < 1) return 'guessed';
  return cause.evidence.includes('parent') || cause.evidence.includes('link') ? 'declared' : 'stitched';
}

const NAMES: Readonly<Record<string, string>> = {
  parent: 'parent',
  link: 'link',
  'event-id': 'message ID',
  'causation-id': 'causation ID',
  'broker-position': 'position in the broker',
  'correlation-id': 'correlation ID',
  inferred: 'inference',
};

export function evidenceName(evidence: string): string {
  return NAMES[evidence] ?? evidence;
}

/** What must be said of an edge that was not declared: `joined by message ID`, `guessed, 60 %`; null for a declared one. */
export function certaintyWords(cause: Pick<Cause, 'evidence' | 'confidence'>): string | null {
  switch (certaintyOf(cause)) {
    case 'declared':
      return null;
    case 'stitched': {
      const by = ['event-id', 'causation-id', 'broker-position'].find((one) =>
        cause.evidence.includes(one as never),
      );
      return by ? `joined by ${evidenceName(by)}` : 'joined by IDs';
    }
    case 'guessed':
      return `guessed, ${confidenceWords(cause.confidence)}`;
  }
}

/** Cut off, never rounded up: what is guessed is never 100 %. */
export function confidenceWords(confidence: number): string {
  if (confidence >= 1) return '100 %';
  // 0.29 * 100 is 28.999…: the nudge keeps whole percents whole.
  const whole = Math.floor(confidence * 100 + 1e-9);
  return whole < 1 ? 'under 1 %' : `${Math.min(99, whole)} %`;
}
