import { formatDuration } from '@upshot/text';

const SECOND = 1_000_000_000n;
const UNITS = [
  { nanos: 24n * 3600n * SECOND, word: 'd' },
  { nanos: 3600n * SECOND, word: 'h' },
  { nanos: 60n * SECOND, word: 'm' },
] as const;

/** A length of time in the least room, rounded to its largest unit: `6 h`, `30 s`, `1.2 ms`. */
export function formatShort(nanos: bigint): string {
  const unit = UNITS.find((one) => nanos >= one.nanos);
  if (unit) return `${(nanos + unit.nanos / 2n) / unit.nanos} ${unit.word}`;
  if (nanos >= 10n * SECOND) return `${nanos / SECOND} s`;
  return formatDuration(nanos)
    .replace(/\.(\d)\d+ s$/, '.$1 s')
    .replace(/\.0 /, ' ');
}
