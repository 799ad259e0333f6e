/**
 * Look-up keys: 64-bit hashes of the IDs by which rows are found again.
 *
 * A key is MurmurHash3 (x86, 32 bit; Austin Appleby, public domain) run twice with unlike seeds over the bytes of the ID,
 * the seeds taken from the kind of the ID. Two IDs may share a key once in about 10^19 pairs; whoever reads rows by key compares the IDs themselves.
 */

/** What sort of ID a key was made from. The numbers are stored: never renumber them. */
export const KeyKind = {
  /** A message or event ID; a broker position stands here as `topic.partition.offset`. */
  event: 1,
  correlation: 2,
  /** The event that a row says caused it. */
  causation: 3,
  /** A span that a row links to, as trace ID and span ID in hex. */
  link: 4,
  /** The trace of an event record (spans are found by their own trace column). */
  trace: 5,
  /** The span ID of an event record (spans are found by their own span column). */
  span: 6,
  /** A facet of a roll-up. */
  facet: 7,
  /** A series of tallies. */
  series: 8,
} as const;
export type KeyKind = (typeof KeyKind)[keyof typeof KeyKind];

/** A key as two unsigned 32-bit halves, low half first: the layout of a little-endian UInt64. */
export type KeyHalves = readonly [low: number, high: number];

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;
const encoder = new TextEncoder();

/**
 * Writes the key of `bytes[start, end)` into `out[at]` (low half) and `out[at + 1]` (high half).
 * Both lanes read each block once; ingest calls this a few times per span.
 */
export function hashKeyInto(
  out: Uint32Array,
  at: number,
  kind: KeyKind,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let a = Math.imul(kind, 0x9e3779b1) | 0;
  let b = Math.imul(kind, 0x85ebca77) ^ 0x5bd1e995;
  const length = end - start;
  let i = start;
  for (const blocks = end - 3; i < blocks; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, C1);
    k = Math.imul((k << 15) | (k >>> 17), C2);
    a ^= k;
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    b ^= k;
    b = (Math.imul((b << 13) | (b >>> 19), 5) + 0x38495ab5) | 0;
  }
  if (i < end) {
    let k = 0;
    for (let shift = 0; i < end; i++, shift += 8) k ^= bytes[i]! << shift;
    k = Math.imul(k, C1);
    k = Math.imul((k << 15) | (k >>> 17), C2);
    a ^= k;
    b ^= k;
  }
  out[at] = finish(a ^ length);
  out[at + 1] = finish(b ^ Math.imul(length, 0x27d4eb2f));
}

function finish(x: number): number {
  let h = x;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const scratch = new Uint32Array(2);
const scratchBytes = new Uint8Array(256);

/** The key of an ID given as text (UTF-8), as its two halves. */
export function keyOf(kind: KeyKind, text: string): KeyHalves {
  // A character has three bytes at most.
  if (text.length * 3 <= scratchBytes.length)
    hashKeyInto(scratch, 0, kind, scratchBytes, 0, encoder.encodeInto(text, scratchBytes).written);
  else {
    const bytes = encoder.encode(text);
    hashKeyInto(scratch, 0, kind, bytes, 0, bytes.length);
  }
  return [scratch[0]!, scratch[1]!];
}

/** The key as the unsigned decimal that SQL takes for a UInt64. */
export function keyText([low, high]: KeyHalves): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}

/** The text under which a broker position is keyed. Partition and offset as decimal text. */
export function positionId(destination: string, partition: string, offset: string): string {
  return `${destination}.${partition}.${offset}`;
}

/** The text under which a link is keyed: lower-case hex of 16 and 8 bytes. */
export function linkId(traceId: string, spanId: string): string {
  return traceId + spanId;
}
