import type { Minute } from '@upshot/model';

/** A sum of tallies over a span of minutes, packed: an hour of a busy system has ten thousand counts. */
export interface PackedSum {
  /** The first minute of the span. */
  readonly span: Minute;
  readonly kind: string;
  readonly series: string;
  readonly firstUnixNano: bigint;
  readonly lastUnixNano: bigint;
  /** The latest first. */
  readonly examples: readonly string[];
  readonly numbers: Int32Array;
  /** By the place of their number. */
  readonly counts: Float64Array;
}

/** Of a row without its counters and texts, in V8's memory. */
const ROW_BYTES = 300;
/** A number and its count. */
const COUNTER_BYTES = 12;

/** Bytes of memory, about. */
export function sizeOf(sums: readonly PackedSum[]): number {
  return sums.reduce((bytes, { numbers }) => bytes + ROW_BYTES + numbers.length * COUNTER_BYTES, 0);
}
