import type { Reading } from '../interpret/Reading.js';
import { type Contexts, push } from './Contexts.js';
import { contextKey } from './nodes.js';

/**
 * Which attempt a settle span settles: the one around it, or that it links to; else, for it may stand beside the attempt, in any trace, the last that
 * the same service had begun of the message that it names by its ID, its creation or their common parent.
 */
export class Settled {
  private readonly byMessage = new Map<string, Reading[]>();
  private readonly isAttempt: ReadonlySet<Reading>;

  constructor(
    private readonly contexts: Contexts,
    attempts: readonly Reading[],
    private readonly carriers: ReadonlyMap<Reading, readonly Reading[]>,
  ) {
    this.isAttempt = new Set(attempts);
    for (const attempt of attempts) this.learn(attempt, attempt);
    for (const [carrier, within] of carriers) for (const attempt of within) this.learn(attempt, carrier);
  }

  by(settle: Reading): Reading | null {
    let at = this.contexts.parentOf(settle);
    for (let hops = 0; at !== null && hops < 16; hops++) {
      if (this.isAttempt.has(at)) return at;
      const within = this.carriers.get(at);
      if (within !== undefined) return sameMessage(settle, within);
      at = this.contexts.parentOf(at);
    }
    for (const link of settle.span.links) {
      const target = this.contexts.at(link);
      if (target !== null && this.isAttempt.has(target)) return target;
    }
    return this.lastBegun(settle);
  }

  private learn(attempt: Reading, told: Reading): void {
    const keys = new Set<string>();
    const { traceId, parentSpanId } = told.span;
    if (parentSpanId !== '') keys.add(contextKey({ traceId, spanId: parentSpanId }));
    for (const { link, eventId } of told.messages) {
      if (link !== null) keys.add(contextKey(link));
      if (eventId !== null) keys.add(`id:${eventId}`);
    }
    for (const key of keys) push(this.byMessage, `${attempt.service}|${key}`, attempt);
  }

  private lastBegun(settle: Reading): Reading | null {
    const { traceId, parentSpanId, links, startTimeUnixNano } = settle.span;
    const keys = links.map(contextKey);
    const id = settle.messages[0]?.eventId ?? null;
    if (id !== null && !/^\d+$/.test(id)) keys.push(`id:${id}`);
    if (parentSpanId !== '') keys.push(contextKey({ traceId, spanId: parentSpanId }));
    for (const key of keys) {
      const begun = (this.byMessage.get(`${settle.service}|${key}`) ?? []).filter(
        ({ span, messages }) =>
          span.startTimeUnixNano <= startTimeUnixNano &&
          (id === null ||
            messages.every(({ eventId }) => eventId === null) ||
            messages.some(({ eventId }) => eventId === id)),
      );
      const last = begun.reduce<Reading | null>(
        (latest, one) =>
          latest === null || one.span.startTimeUnixNano >= latest.span.startTimeUnixNano ? one : latest,
        null,
      );
      if (last !== null) return last;
    }
    return null;
  }
}

function sameMessage(settle: Reading, within: readonly Reading[]): Reading | null {
  const id = settle.messages[0]?.eventId ?? null;
  if (id !== null)
    return within.find((attempt) => attempt.messages.some((message) => message.eventId === id)) ?? null;
  return within.length === 1 ? within[0]! : null;
}
