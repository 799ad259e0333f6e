import type { Reading, SpanContext } from '../interpret/Reading.js';
import { ByContext } from './ByContext.js';

const NONE: readonly Reading[] = [];

/** Who is whose parent: readings by span context, and their children. */
export class Contexts {
  /** Of two kinds of span under one ID (Zipkin's shared spans), the one that worked within the other. */
  private readonly inner = new ByContext<Reading>();
  private readonly outer = new ByContext<Reading>();
  private readonly childrenOf = new Map<Reading, Reading[]>();
  /** Those that have one. */
  private readonly parents = new Map<Reading, Reading>();
  /** Readings whose line of parents runs in a circle; they are read as if they had none. */
  readonly circular = new Set<Reading>();
  /** All readings, each after its parent. */
  readonly topDown: readonly Reading[];

  constructor(readonly readings: readonly Reading[]) {
    for (const reading of readings) {
      const { traceId, spanId } = reading.span;
      if (spanId === '') continue;
      const known = this.inner.get(traceId, spanId);
      if (known === undefined) {
        this.inner.set(traceId, spanId, reading);
        continue;
      }
      const [within, around] = isWithin(reading, known) ? [reading, known] : [known, reading];
      this.inner.set(traceId, spanId, within);
      if (around.stored) this.outer.set(traceId, spanId, around);
    }
    for (const reading of readings) {
      const parent = this.findParent(reading);
      if (parent !== null) this.parents.set(reading, parent);
    }
    this.topDown = this.order();
    for (const reading of this.topDown) {
      const parent = this.parents.get(reading);
      if (parent) push(this.childrenOf, parent, reading);
    }
  }

  /** The reading of a span that is named from outside, by a link or by a carrier; null where it has not arrived. */
  at({ traceId, spanId }: SpanContext): Reading | null {
    return this.outer.get(traceId, spanId) ?? this.inner.get(traceId, spanId) ?? null;
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
    const around = spanId === '' ? undefined : this.outer.get(traceId, spanId);
    if (around !== undefined && around !== reading && isWithin(reading, around)) return around;
    if (parentSpanId === '' || parentSpanId === spanId) return null;
    const parent = this.inner.get(traceId, parentSpanId);
    return parent === undefined || parent === reading ? null : parent;
  }

  /** Parents before children, without recursion: a trace may be a hundred thousand spans deep. Circles are cut. */
  private order(): Reading[] {
    const ordered: Reading[] = [];
    const placed = new Set<Reading>();
    for (const start of this.readings) {
      if (placed.has(start)) continue;
      const line: Reading[] = [];
      let at: Reading | null = start;
      // Those of this line are placed already, and stand nowhere yet: who comes upon one of them has gone in a circle.
      while (at !== null && !placed.has(at)) {
        placed.add(at);
        line.push(at);
        at = this.parents.get(at) ?? null;
      }
      if (at !== null && line.includes(at)) {
        const cut = line.at(-1)!;
        this.circular.add(cut);
        this.parents.delete(cut);
      }
      for (let index = line.length - 1; index >= 0; index--) ordered.push(line[index]!);
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
