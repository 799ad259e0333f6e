import { contextKey } from './nodes.js';

interface Entry<Value> {
  readonly traceId: string;
  readonly value: Value;
}

/**
 * Values by span context. Span IDs are chosen at random: nearly all contexts are told by these alone, without a text made of both IDs for each question. Of a span
 * ID in several traces the first is found so, and the others by both.
 */
export class ByContext<Value> {
  private readonly first = new Map<string, Entry<Value>>();
  private readonly others = new Map<string, Value>();

  get isEmpty(): boolean {
    return this.first.size === 0;
  }

  get(traceId: string, spanId: string): Value | undefined {
    const entry = this.first.get(spanId);
    if (entry === undefined) return undefined;
    if (entry.traceId === traceId) return entry.value;
    return this.others.size === 0 ? undefined : this.others.get(contextKey({ traceId, spanId }));
  }

  set(traceId: string, spanId: string, value: Value): void {
    const entry = this.first.get(spanId);
    if (entry === undefined || entry.traceId === traceId) this.first.set(spanId, { traceId, value });
    else this.others.set(contextKey({ traceId, spanId }), value);
  }
}
