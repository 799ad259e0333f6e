import { BadParameter } from './parseQuery.js';

const UNIT_NANOS: { readonly [unit: string]: bigint } = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

const DURATION = /^(?:[0-9]{1,9}(?:ns|us|ms|s|m|h|d|w))+$/;
const DURATION_PART = /([0-9]+)(ns|us|ms|s|m|h|d|w)/g;
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const LAST = 2n ** 64n - 1n;

/** A duration such as `15m`, `14d` or `1h30m` in nanoseconds; null where the text is none. */
export function parseDuration(text: string): bigint | null {
  if (!DURATION.test(text)) return null;
  let nanos = 0n;
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) nanos += BigInt(amount!) * UNIT_NANOS[unit!]!;
  return nanos;
}

/**
 * A moment in Unix nanoseconds from what a person may write: Unix nanoseconds, ISO 8601 (without an offset: UTC), or a duration
 * back from now. Throws `BadParameter`, naming the parameter.
 */
export function parseTime(name: string, text: string, nowUnixNano: bigint): bigint {
  const moment = /^[0-9]{1,20}$/.test(text)
    ? BigInt(text)
    : (backFromNow(text, nowUnixNano) ?? parseIso(text));
  if (moment === null || moment > LAST) {
    throw new BadParameter(
      `${name} must be Unix nanoseconds, ISO 8601 such as 2026-09-21T14:00:00Z, or a duration back from now such as 15m, ` +
        `2h or 14d, and is ${JSON.stringify(text)}`,
    );
  }
  return moment;
}

function backFromNow(text: string, nowUnixNano: bigint): bigint | null {
  const back = parseDuration(text);
  if (back === null) return null;
  return back > nowUnixNano ? 0n : nowUnixNano - back;
}

function parseIso(text: string): bigint | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, date, minutes = '00:00', seconds = '00', fraction = '', offset = 'Z'] = match;
  const millis = Date.parse(`${date}T${minutes}:${seconds}${offset.toUpperCase()}`);
  // Date.parse carries 31 February over into March: the same day must come back.
  if (Number.isNaN(millis) || new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().slice(0, 10) !== date)
    return null;
  return millis < 0 ? 0n : BigInt(millis) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
