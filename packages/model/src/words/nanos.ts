/** The earlier of two times in nanoseconds: Math.min does not take a bigint. */
export function earlier(a: bigint, b: bigint): bigint {
  return b < a ? b : a;
}

/** The later of two times in nanoseconds. */
export function later(a: bigint, b: bigint): bigint {
  return b > a ? b : a;
}
