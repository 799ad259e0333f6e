const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO = /^0+$/;

/** The span that a W3C `traceparent` names (Trace Context, section 3.2.2), or null where it is invalid. */
export function parseTraceparent(text: string): { traceId: string; spanId: string } | null {
  const found = FORM.exec(text.trim());
  if (found === null) return null;
  const [, version, traceId, spanId, , more] = found as unknown as string[];
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (ZERO.test(traceId!) || ZERO.test(spanId!)) return null;
  return { traceId: traceId!, spanId: spanId! };
}
