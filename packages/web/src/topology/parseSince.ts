const MINUTES: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1440 };

/** A `since` of this page as minutes; null where it is not a stretch of time, so that there is no rate to tell. */
export function parseSince(since: string | null): number | null {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(since ?? '') ?? [];
  return count && unit ? Number(count) * MINUTES[unit]! : null;
}
