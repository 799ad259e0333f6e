const LAST = 2n ** 64n - 1n;

/** A time moved by so many nanoseconds, within what OTLP can say. 0 stays 0: it means that no time is known. */
export function shiftedNanos(time: bigint, by: bigint): bigint {
  if (time === 0n) return 0n;
  const moved = time + by;
  return moved < 1n ? 1n : moved > LAST ? LAST : moved;
}
