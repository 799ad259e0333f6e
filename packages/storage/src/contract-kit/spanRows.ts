import { hexAt, type SpanBatch } from '@upshot/model';
import { startOf } from '../rows/gatherSpans.js';

/** One row with all that a store must keep of it, as values that compare. */
export interface SpanRowText {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly start: bigint;
  readonly duration: bigint;
  readonly kind: number;
  readonly status: number;
  readonly entry: number;
  readonly name: string;
  readonly service: string;
  /** Hex. */
  readonly source: string;
  /** Hex. */
  readonly tail: string;
  /** The keys as 16 hex digits each, sorted. */
  readonly keys: readonly string[];
}

/** The rows of a batch in an order of their own: contracts say nothing about the order in which rows are found. */
export function spanRows(batch: SpanBatch): SpanRowText[] {
  const starts = viewOf(batch.starts);
  const durations = viewOf(batch.durations);
  const rows = Array.from({ length: batch.rows }, (_, row): SpanRowText => {
    const { tails, keys } = batch;
    const tail = tails.bytes.subarray(startOf(tails.ends, row), tails.ends[row]!);
    const keyTexts: string[] = [];
    for (let key = startOf(keys.ends, row); key < keys.ends[row]!; key++)
      keyTexts.push(digits(keys.halves[key * 2 + 1]!) + digits(keys.halves[key * 2]!));
    return {
      traceId: hexAt(batch.traceIds, row * 16, 16),
      spanId: hexAt(batch.spanIds, row * 8, 8),
      parentSpanId: hexAt(batch.parentSpanIds, row * 8, 8),
      start: starts.getBigUint64(row * 8, true),
      duration: durations.getBigInt64(row * 8, true),
      kind: batch.kinds[row]!,
      status: batch.statuses[row]!,
      entry: batch.entries[row]!,
      name: batch.names.values[batch.names.indexes[row]!]!,
      service: batch.services.values[batch.services.indexes[row]!]!,
      source: hexOf(batch.sources.values[batch.sources.indexes[row]!]!),
      tail: hexOf(tail),
      keys: keyTexts.sort(),
    };
  });
  return rows.sort((a, b) => compare(sortKey(a), sortKey(b)));
}

function sortKey(row: SpanRowText): string {
  return `${row.traceId}${row.spanId}${row.kind}${row.start.toString(16).padStart(16, '0')}${row.tail}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function digits(half: number): string {
  return half.toString(16).padStart(8, '0');
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
