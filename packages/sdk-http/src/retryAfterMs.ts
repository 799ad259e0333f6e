/** An hour: a receiver that asks for more is asked again then. */
const MOST_MS = 3_600_000;

/** What `Retry-After` asks for, in milliseconds: seconds or a date (RFC 9110, 10.2.3). 0 where it asks for nothing that can be read. */
export function retryAfterMs(header: string | null, now = Date.now()): number {
  if (header === null) return 0;
  const wanted = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(wanted) && wanted > 0 ? Math.min(wanted, MOST_MS) : 0;
}
