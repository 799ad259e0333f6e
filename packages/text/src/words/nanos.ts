/** Unix nanoseconds, or a length in nanoseconds, from the decimal text in which answers carry it. Anything else counts as 0. */
export function nanos(text: string): bigint {
  return /^-?\d{1,40}$/.test(text) ? BigInt(text) : 0n;
}
