/** Trace number `n`: 32 hex digits that begin and end alike for no two small numbers. */
export function traceId(n: number): string {
  return n.toString(16).padStart(8, '0').repeat(4);
}

/** Span number `n`: 16 hex digits. */
export function spanId(n: number): string {
  return n.toString(16).padStart(8, '0').repeat(2);
}
