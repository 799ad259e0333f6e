const MICRO = 1_000n;
const MILLI = 1_000_000n;
const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/**
 * A length of time for a reader, from nanoseconds: `640 µs`, `132 ms`, `1.02 s`, `41.2 s`, `4 m 12 s`, `6 h 00 m 39 s`, `2 d 04 h`.
 * Cut off, never rounded up, so that 59.99 s is no minute. A negative one has a minus sign.
 */
export function formatDuration(nanos: bigint): string {
  if (nanos < 0n) return `−${formatDuration(-nanos)}`;
  if (nanos < MICRO) return nanos === 0n ? '0 ms' : `${nanos} ns`;
  if (nanos < MILLI) return `${nanos / MICRO} µs`;
  if (nanos < 10n * MILLI) return `${decimals(nanos, MILLI, 1)} ms`;
  if (nanos < SECOND) return `${nanos / MILLI} ms`;
  if (nanos < 10n * SECOND) return `${decimals(nanos, SECOND, 2)} s`;
  if (nanos < MINUTE) return `${decimals(nanos, SECOND, 1)} s`;
  if (nanos < HOUR) return `${nanos / MINUTE} m ${two((nanos % MINUTE) / SECOND)} s`;
  if (nanos < DAY)
    return `${nanos / HOUR} h ${two((nanos % HOUR) / MINUTE)} m ${two((nanos % MINUTE) / SECOND)} s`;
  return `${nanos / DAY} d ${two((nanos % DAY) / HOUR)} h`;
}

/** `nanos` in units with so many digits behind the point; a round number shows none. */
function decimals(nanos: bigint, unit: bigint, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const scaled = (nanos * scale) / unit;
  const rest = scaled % scale;
  return rest === 0n ? `${scaled / scale}` : `${scaled / scale}.${rest.toString().padStart(digits, '0')}`;
}

function two(value: bigint): string {
  return value.toString().padStart(2, '0');
}
