import type { Reading, SpanContext } from '../../interpret/Reading.js';
import type { Contexts } from '../Contexts.js';
import type { AttemptDraft, GraphDraftNode } from '../nodes.js';
import { type Narrowed, narrow } from './narrow.js';

/**
 * Something below a batch names a correlation, a cause or a key that none of the messages known here has; the publishes of others have not been
 * looked for. What they declare decides to whom it belongs.
 */
export interface Doubt {
  readonly attempts: readonly AttemptDraft[];
  readonly publishes: readonly SpanContext[];
}

/** The publishes of no more messages than this are looked for: for a larger batch it would cost more than it tells. */
const MAX_LOOKED_FOR = 64;

/** Under several attempts: to which of them a reading and all below it narrows down. */
export class Narrowing {
  private readonly doubted = new Map<readonly AttemptDraft[], Doubt>();

  constructor(
    private readonly contexts: Contexts,
    private readonly nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
  ) {}

  get doubts(): readonly Doubt[] {
    return [...this.doubted.values()];
  }

  /** The attempts that a span directly below `attempts` belongs to. */
  of(reading: Reading, attempts: readonly AttemptDraft[]): Narrowed {
    const own = this.narrow(reading, attempts);
    if (own.by !== null || reading.role !== 'step') return own;
    const below: AttemptDraft[] = [];
    let by: Narrowed['by'] = null;
    for (const publish of this.publishesBelow(reading)) {
      const one = this.narrow(publish, attempts);
      if (one.by === null) return own;
      by = one.by;
      for (const attempt of one.attempts) below.push(attempt);
    }
    return by === null ? own : { attempts: [...new Set(below)], by };
  }

  private narrow(reading: Reading, attempts: readonly AttemptDraft[]): Narrowed {
    const narrowed = narrow(reading, attempts);
    if (narrowed.by === null && attempts.length <= MAX_LOOKED_FOR && saysWhose(reading)) this.doubt(attempts);
    return narrowed;
  }

  private doubt(attempts: readonly AttemptDraft[]): void {
    if (this.doubted.has(attempts)) return;
    const publishes = attempts.flatMap(({ event }) => (event.missing === null ? [] : [event.missing]));
    if (publishes.length > 0) this.doubted.set(attempts, { attempts, publishes });
  }

  private *publishesBelow(reading: Reading): Generator<Reading> {
    const open = [...this.contexts.children(reading)];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at.role === 'publish') yield at;
      else if (this.nodesOf.get(at)?.[0]?.type === 'step')
        for (const child of this.contexts.children(at)) open.push(child);
    }
  }
}

/** Whether a reading says anything by which one message of a batch could be told. */
function saysWhose({ messages, correlationId, causationId }: Reading): boolean {
  const own = messages[0];
  return (
    (own?.correlationId ?? correlationId) !== null ||
    (own?.causationId ?? causationId) !== null ||
    (own?.messageKey ?? null) !== null
  );
}
