const MILLI = 1_000_000n;
/** The last millisecond that a JavaScript date can hold (ECMA-262, 21.4.1.1). */
const LAST_MILLISECOND = 8_640_000_000_000_000n;

/** The time of day in UTC, `08:02:11.412`, from Unix nanoseconds. */
export function formatClock(unixNano: bigint): string {
  return isoParts(unixNano)?.[1] ?? `${unixNano} ns`;
}

/** Date and time in UTC, `2026-11-23 08:02:11.412 UTC`, from Unix nanoseconds. A time beyond all calendars stays a number. */
export function formatTimestamp(unixNano: bigint): string {
  const parts = isoParts(unixNano);
  return parts ? `${parts[0]} ${parts[1]} UTC` : `${unixNano} ns`;
}

function isoParts(unixNano: bigint): [date: string, clock: string] | null {
  const milliseconds = unixNano / MILLI;
  if (milliseconds > LAST_MILLISECOND || milliseconds < -LAST_MILLISECOND) return null;
  const iso = new Date(Number(milliseconds)).toISOString();
  const at = iso.indexOf('T');
  return [iso.slice(0, at), iso.slice(at + 1, -1)];
}
