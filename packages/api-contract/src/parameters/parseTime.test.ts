import { describe, expect, it } from 'vitest';
import { parseDuration, parseTime } from './parseTime.js';

const NOW = 1_790_000_000_123_456_789n;

describe('parseTime', () => {
  it.each([
    ['0', 0n],
    ['1790000000000000000', 1_790_000_000_000_000_000n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['15m', NOW - 900_000_000_000n],
    ['1h30m', NOW - 5_400_000_000_000n],
    ['250ms', NOW - 250_000_000n],
    ['99999w', 0n],
    ['2026-09-21', 1_789_948_800_000_000_000n],
    ['2026-09-21T14:13:20Z', 1_790_000_000_000_000_000n],
    ['2026-09-21T14:13:20.000000001Z', 1_790_000_000_000_000_001n],
    ['2026-09-21T16:13:20+02:00', 1_790_000_000_000_000_000n],
    ['2026-09-21T16:13:20+0200', 1_790_000_000_000_000_000n],
    ['2026-09-21t14:13', 1_789_999_980_000_000_000n],
    ['1969-12-31T23:59:59Z', 0n],
  ])('reads %s', (text, expected) => {
    expect(parseTime('since', text, NOW)).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '-15m',
    '15 m',
    '15M',
    '1.5h',
    '2026-02-31',
    '2026-13-01',
    '12:00',
    '18446744073709551616',
  ])('refuses %j and says what would be right', (text) => {
    expect(() => parseTime('since', text, NOW)).toThrow(
      /^since must be Unix nanoseconds, ISO 8601 .* duration/,
    );
  });
});

describe('parseDuration', () => {
  it('knows what is no duration', () => {
    expect(parseDuration('14d')).toBe(14n * 86_400_000_000_000n);
    expect(parseDuration('14')).toBeNull();
    expect(parseDuration('d')).toBeNull();
  });
});
