import type { Reading } from '../../interpret/Reading.js';
import { byStart, startOf } from '../Draft.js';
import type { AttemptDraft, GraphDraftNode } from '../nodes.js';

/** A batch of more messages than this has edges drawn from those alone whose publish has been looked for. */
const LARGE_BATCH = 64;

/** The attempts for which one span stands. */
export interface Batch {
  readonly attempts: readonly AttemptDraft[];
  readonly set: ReadonlySet<AttemptDraft>;
  /** Those from which edges are drawn: thousands of messages with thousands of follow-ups must not become millions of edges. */
  readonly drawn: readonly AttemptDraft[];
  /** Whether some are tries of one delivery: a `receive` within which a message was tried again. */
  readonly retried: boolean;
}

/** Which spans stand for several attempts. */
export class Batches {
  private readonly known = new Map<Reading, Batch | null>();

  constructor(
    private readonly nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
    private readonly isFetched: (traceId: string) => boolean,
  ) {}

  /** Null for a span that stands for one attempt, or for none. */
  of(reading: Reading): Batch | null {
    let batch = this.known.get(reading);
    if (batch === undefined) {
      const nodes = this.nodesOf.get(reading) ?? [];
      const attempts = nodes.filter((node): node is AttemptDraft => node.type === 'attempt');
      batch =
        attempts.length > 1
          ? {
              attempts,
              set: new Set(attempts),
              drawn: this.drawn(attempts),
              retried: new Set(attempts.map(deliveryKey)).size < attempts.length,
            }
          : null;
      this.known.set(reading, batch);
    }
    return batch;
  }

  private drawn(attempts: readonly AttemptDraft[]): readonly AttemptDraft[] {
    if (attempts.length <= LARGE_BATCH) return attempts;
    return attempts.filter(({ event: { missing } }) => missing === null || this.isFetched(missing.traceId));
  }
}

function deliveryKey({ event, consumer }: AttemptDraft): string {
  return JSON.stringify([event.id, consumer]);
}

/** Of several tries of one delivery the last that had begun: what followed comes from that one. */
export function lastTries(attempts: readonly AttemptDraft[], followUp: Reading): AttemptDraft[] {
  const last = new Map<string, AttemptDraft>();
  for (const attempt of [...attempts].sort(byStart)) {
    const key = deliveryKey(attempt);
    if (!last.has(key) || startOf(attempt) <= followUp.span.startTimeUnixNano) last.set(key, attempt);
  }
  return [...last.values()];
}
