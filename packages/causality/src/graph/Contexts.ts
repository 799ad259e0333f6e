import type { Reading, SpanContext } from '../interpret/Reading.js';
import { contextKey } from './nodes.js';

const NONE: readonly Reading[] = [];

/** Who is whose parent: readings by span context, and their children. */
export class Contexts {
  /** Of two kinds of span under one ID (Zipkin's shared spans), the one that worked within the other. */
  private readonly inner = new Map<string, Reading>();
  private readonly outer = new Map<string, Reading>();
  private readonly childrenOf = new Map<Reading, Reading[]>();
  private readonly parents = new Map<Reading, Reading | null>();
  /** Readings whose line of parents runs in a circle; they are read as if they had none. */
  readonly circular = new Set<Reading>();
  /** All readings, each after its parent. */
  readonly topDown: readonly Reading[];

  constructor(readonly readings: readonly Reading[]) {
    for (const reading of readings) {
      const { traceId, spanId } = reading.span;
      if (spanId === '') continue;
      const key = contextKey({ traceId, spanId });
      const known = this.inner.get(key);
      if (known === undefined) {
        this.inner.set(key, reading);
        continue;
      }
      const [within, around] = isWithin(reading, known) ? [reading, known] : [known, reading];
      this.inner.set(key, within);
      if (around.stored) this.outer.set(key, around);
    }
    for (const reading of readings) this.parents.set(reading, this.findParent(reading));
    this.topDown = this.order();
    for (const reading of this.topDown) {
      const parent = this.parents.get(reading);
      if (parent) push(this.childrenOf, parent, reading);
    }
  }

  /** The reading of a span that is named from outside, by a link or by a carrier; null where it has not arrived. */
  at(context: SpanContext): Reading | null {
    const key = contextKey(context);
    return this.outer.get(key) ?? this.inner.get(key) ?? null;
  }

  parentOf(reading: Reading): Reading | null {
    return this.parents.get(reading) ?? null;
  }

  /** Whether a reading names a parent that has not arrived. */
  lacksParent(reading: Reading): boolean {
    return reading.span.parentSpanId !== '' && this.parentOf(reading) === null && !this.circular.has(reading);
  }

  children(reading: Reading): readonly Reading[] {
    return this.childrenOf.get(reading) ?? NONE;
  }

  private findParent(reading: Reading): Reading | null {
    const { traceId, spanId, parentSpanId } = reading.span;
    const around = spanId === '' ? undefined : this.outer.get(contextKey({ traceId, spanId }));
    if (around !== undefined && around !== reading && isWithin(reading, around)) return around;
    if (parentSpanId === '' || parentSpanId === spanId) return null;
    const parent = this.inner.get(contextKey({ traceId, spanId: parentSpanId }));
    return parent === undefined || parent === reading ? null : parent;
  }

  /** Parents before children, without recursion: a trace may be a hundred thousand spans deep. Circles are cut. */
  private order(): Reading[] {
    const ordered: Reading[] = [];
    const state = new Map<Reading, 'open' | 'done'>();
    for (const start of this.readings) {
      const line: Reading[] = [];
      let at: Reading | null = start;
      while (at !== null && !state.has(at)) {
        state.set(at, 'open');
        line.push(at);
        at = this.parents.get(at) ?? null;
      }
      if (at !== null && state.get(at) === 'open') {
        const cut = line.at(-1)!;
        this.circular.add(cut);
        this.parents.set(cut, null);
      }
      for (const reading of line.reverse()) {
        state.set(reading, 'done');
        ordered.push(reading);
      }
    }
    return ordered;
  }
}

function isWithin(reading: Reading, other: Reading): boolean {
  if (reading.stored !== other.stored) return reading.stored;
  return WITHIN[reading.span.kind]! > WITHIN[other.span.kind]!;
}
const WITHIN = [0, 3, 4, 1, 2, 5] as const;

export function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
