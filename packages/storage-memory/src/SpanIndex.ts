import { hexAt, type KeyHalves, keyText, type Lookup, type SpanBatch } from '@upshot/model';
import {
  gatherSpans,
  keysLeftOutOfSpans,
  keysOfSpanLookup,
  type SpanRow,
  startOf,
  startOfRow,
} from '@upshot/storage';

/** Spans, and by which IDs they are found. */
export class SpanIndex {
  private rows: SpanRow[] = [];
  private readonly byTrace = new Map<string, SpanRow[]>();
  private readonly bySpan = new Map<string, SpanRow[]>();
  private readonly byKey = new Map<string, SpanRow[]>();

  get size(): number {
    return this.rows.length;
  }

  /** Copies the batch: its memory is the caller's. Returns the rows as they are kept. */
  add(batch: SpanBatch): SpanRow[] {
    const own = gatherSpans(Array.from({ length: batch.rows }, (_, row) => ({ batch, row })));
    const rows = Array.from({ length: own.rows }, (_, row) => ({ batch: own, row }));
    for (const row of rows) this.addRow(row);
    return rows;
  }

  /** Every row that matches any part of the look-up, once. */
  find(lookup: Lookup): SpanRow[] {
    const found = new Set<SpanRow>();
    const take = (rows: readonly SpanRow[] | undefined) => {
      for (const row of rows ?? []) found.add(row);
    };
    for (const traceId of lookup.traceIds ?? []) take(this.byTrace.get(traceId));
    for (const spanId of lookup.spanIds ?? []) take(this.bySpan.get(spanId));
    for (const key of keysOfSpanLookup(lookup)) take(this.byKey.get(keyText(key)));
    for (const { traceId, spanIds } of lookup.within ?? []) {
      const wanted = new Set(spanIds);
      take(
        this.byTrace.get(traceId)?.filter((row) => wanted.has(spanIdOf(row)) || wanted.has(parentIdOf(row))),
      );
    }
    return lookup.except === undefined ? [...found] : leftFrom(found, lookup);
  }

  /** Rows at which a workflow may begin: those marked 1, and those marked 2 whose trace holds none of these. */
  entries(): SpanRow[] {
    const isMarked = (mark: number) => (row: SpanRow) => row.batch.entries[row.row] === mark;
    const beginning = this.rows.filter(isMarked(1));
    const rooted = new Set(beginning.map(traceIdOf));
    return [...beginning, ...this.rows.filter((row) => isMarked(2)(row) && !rooted.has(traceIdOf(row)))];
  }

  /** Forgets rows that started before this. */
  expire(before: bigint): void {
    this.keep((row) => startOfRow(row) >= before);
  }

  /** Forgets all rows but these. */
  keep(isKept: (row: SpanRow) => boolean): void {
    const kept = this.rows.filter(isKept);
    if (kept.length === this.rows.length) return;
    this.rows = [];
    for (const index of [this.byTrace, this.bySpan, this.byKey]) index.clear();
    const own = gatherSpans(kept);
    for (let row = 0; row < own.rows; row++) this.addRow({ batch: own, row });
  }

  private addRow(row: SpanRow): void {
    this.rows.push(row);
    push(this.byTrace, traceIdOf(row), row);
    push(this.bySpan, spanIdOf(row), row);
    for (const key of keysOf(row)) push(this.byKey, keyText(key), row);
  }
}

/** The rows of which whoever asks does not say that they are at hand. */
function leftFrom(rows: Iterable<SpanRow>, lookup: Lookup): SpanRow[] {
  const traces = new Set(lookup.except?.traceIds);
  const keys = new Set(keysLeftOutOfSpans(lookup).map(keyText));
  const isLeftOut = (row: SpanRow) =>
    traces.has(traceIdOf(row)) || (keys.size > 0 && keysOf(row).some((key) => keys.has(keyText(key))));
  return [...rows].filter((row) => !isLeftOut(row));
}

function keysOf({ batch, row }: SpanRow): KeyHalves[] {
  const { halves, ends } = batch.keys;
  const keys: KeyHalves[] = [];
  for (let at = startOf(ends, row); at < ends[row]!; at++) keys.push([halves[at * 2]!, halves[at * 2 + 1]!]);
  return keys;
}

export function traceIdOf({ batch, row }: SpanRow): string {
  return hexAt(batch.traceIds, row * 16, 16);
}

export function spanIdOf({ batch, row }: SpanRow): string {
  return hexAt(batch.spanIds, row * 8, 8);
}

function parentIdOf({ batch, row }: SpanRow): string {
  return hexAt(batch.parentSpanIds, row * 8, 8);
}

function push<T>(index: Map<string, T[]>, key: string, value: T): void {
  const values = index.get(key);
  if (values) values.push(value);
  else index.set(key, [value]);
}
