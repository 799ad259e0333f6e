const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `500ms`, `30s`, `5m`, `2h`, `1d` as milliseconds; null where it is none. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|min|h|d)$/.exec(text);
  return match === null ? null : Number(match[1]) * UNITS[match[2]!]!;
}

/** The end of a day given as `2026-12-31`, or a moment given as `2026-12-31T12:00:00Z`, as Unix milliseconds; null where it is neither. */
export function endMsOf(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?Z)?$/.exec(text);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const start = Date.UTC(year, month - 1, day);
  // A month has no 31st where the next one begins.
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > lastDay) return null;
  if (match[4] === undefined) return start + UNITS.d!;
  const [hours, minutes, seconds] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return start + hours * UNITS.h! + minutes * UNITS.m! + seconds * 1000;
}
