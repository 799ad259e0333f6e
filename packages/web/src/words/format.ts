import { formatDuration, formatTimestamp } from '@upshot/text';

export {
  counted,
  formatAge,
  formatClock,
  formatCount,
  formatDuration,
  formatTimestamp,
  safeText,
} from '@upshot/text';

/** Nanoseconds from the decimal text of an answer; anything else counts as 0. */
export function nanos(text: string | null | undefined): bigint {
  return text && /^-?\d{1,40}$/.test(text) ? BigInt(text) : 0n;
}

/** `+61 ms` after the start of the workflow; `−1.18 s` where a clock runs behind. */
export function formatOffset(time: bigint, start: bigint): string {
  const after = time - start;
  if (after === 0n) return '0 s';
  return after < 0n ? formatDuration(after) : `+${formatDuration(after)}`;
}

/** A time for a hover: in UTC and as the reader's clock has it. */
export function bothClocks(unixNano: bigint): string {
  const milliseconds = Number(unixNano / 1_000_000n);
  const local = new Date(milliseconds);
  return Number.isNaN(local.getTime())
    ? formatTimestamp(unixNano)
    : `${formatTimestamp(unixNano)} · ${local.toLocaleString(undefined, { timeZoneName: 'short' })}`;
}

/** A share as one would say it: never 100 % of less than all, never 0 % of more than none. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %';
  const share = (100 * part) / whole;
  if (part > 0 && share < 0.1) return 'under 0.1 %';
  if (part < whole && share > 99.9) return '99.9 %';
  return `${share >= 99.95 || share === 0 ? share.toFixed(0) : share.toFixed(1)} %`;
}

/** Milliseconds of a time, for axes and dates. */
export function millis(unixNano: bigint): number {
  return Number(unixNano / 1000n) / 1000;
}
