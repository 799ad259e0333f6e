/**
 * Days as ClickHouse's `Date` counts them: since 1970-01-01.
 *
 * Rows are partitioned by the day on which they started, and a sender may claim any time from 0 to 2^64 - 1 ns. ClickHouse refuses
 * an insert into more than 100 partitions, and each partition of an insert is one more part to fsync and merge. So a day is taken
 * from the sender only where it is near the day of receipt.
 */

/** Rows that started longer before their receipt are filed under the earliest day allowed. */
export const DAYS_BACK = 30;
/** Clocks run fast, and time zones are forgotten: one day ahead is believed. */
export const DAYS_AHEAD = 1;

export const NANOS_PER_DAY = 86_400_000_000_000n;
const MILLIS_PER_DAY = 86_400_000;
/** A day is 2^16 times this many nanoseconds, so that day numbers are exact in doubles. */
const DAY_OVER_65536 = 1_318_359_375;

/** The day of a time given as the two 32-bit halves of Unix nanoseconds. */
export function dayOf(low: number, high: number): number {
  return Math.floor((high * 65536 + (low >>> 16)) / DAY_OVER_65536);
}

/** The day of a time given as Unix nanoseconds. */
export function dayOfNanos(nanos: bigint): number {
  return Number(nanos / NANOS_PER_DAY);
}

/** The day under which a row is filed: where it started near its receipt, that day; where earlier, the earliest allowed; where later, the day of receipt. */
export function filingDay(day: number, receivedMillis: number): number {
  const received = Math.floor(receivedMillis / MILLIS_PER_DAY);
  if (day > received + DAYS_AHEAD) return received;
  return Math.max(day, received - DAYS_BACK, 0);
}

/** The day that a partition of a Date names as the number YYYYMMDD. */
export function dayOfNumber(number: number): number {
  return Math.floor(
    Date.UTC(Math.floor(number / 10_000), (Math.floor(number / 100) % 100) - 1, number % 100) /
      MILLIS_PER_DAY,
  );
}
