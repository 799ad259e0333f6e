import type { Reading, RecordReading, Verdict } from '../interpret/Reading.js';
import type { AttemptDraft, DeliveryDraft, EventDraft, GraphDraftNode, StepDraft } from './nodes.js';

/** The graph of all rows, as far as it is built. */
export interface Draft {
  events: EventDraft[];
  readonly attempts: AttemptDraft[];
  readonly steps: StepDraft[];
  readonly deliveries: DeliveryDraft[];
  /** Settle spans, beside an attempt's own span, that say what was decided. */
  readonly verdicts: ReadonlyMap<AttemptDraft, Reading>;
  readonly fates: readonly RecordReading[];
  /** Events that a consumer gave up of whose attempts nothing is known; the consumer is "" where it was not named. */
  readonly givenUp: { readonly event: EventDraft; readonly consumer: string; readonly letter: EventDraft }[];
}

/** What a consumer decided about a message, as its span or its settle span says. */
export function verdictOf(draft: Draft, attempt: AttemptDraft): Verdict {
  return attempt.reading.verdict ?? draft.verdicts.get(attempt)?.verdict ?? null;
}

/** Where a consumer put what it gave up, as its span or its settle span says. */
export function givenUpTo(draft: Draft, attempt: AttemptDraft): string | null {
  return attempt.reading.deadLetterDestination ?? draft.verdicts.get(attempt)?.deadLetterDestination ?? null;
}

/** The attempt under which a node hangs, through steps; null for what hangs under none. */
export function attemptAbove(node: GraphDraftNode): AttemptDraft | null {
  let at: GraphDraftNode | undefined = node.causes[0]?.from;
  for (let hops = 0; at !== undefined && hops < 64; hops++) {
    if (at.type === 'attempt') return at;
    if (at.type !== 'step') return null;
    at = at.causes[0]?.from;
  }
  return null;
}

export function startOf(attempt: AttemptDraft): bigint {
  return attempt.reading.span.startTimeUnixNano;
}

/** By when an attempt surely had its message: a fetch begins to wait before there is any. */
export function hadMessageAt({ reading: { role, span } }: AttemptDraft): bigint {
  return role === 'receive' ? span.endTimeUnixNano : span.startTimeUnixNano;
}

/** The end of an attempt; null while it runs. */
export function endOf(attempt: AttemptDraft): bigint | null {
  if (attempt.outcome === 'running') return null;
  return attempt.reading.span.endTimeUnixNano;
}

/** By start, then by the number that the span states, then by ID: the order of attempts. */
export function byStart(a: AttemptDraft, b: AttemptDraft): number {
  if (startOf(a) !== startOf(b)) return startOf(a) < startOf(b) ? -1 : 1;
  const an = a.reading.attempt ?? 0;
  const bn = b.reading.attempt ?? 0;
  if (an !== bn) return an - bn;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
