import { formatAge, formatClock, formatCount, formatDuration, formatTimestamp } from '@upshot/text';
import { describe, expect, it } from 'vitest';
import { causeWords } from '../src/words/causeWords.js';
import { MS, SECOND, START } from './graphBuilder.js';

const HOUR = 3_600n * SECOND;

describe('formatDuration', () => {
  it.each([
    [0n, '0 ms'],
    [999n, '999 ns'],
    [640_000n, '640 µs'],
    [4n * MS, '4 ms'],
    [4_360_000n, '4.3 ms'],
    [132n * MS, '132 ms'],
    [999_999_999n, '999 ms'],
    [1_020n * MS, '1.02 s'],
    [41_260n * MS, '41.2 s'],
    [59_999n * MS, '59.9 s'],
    [60n * SECOND, '1 m 00 s'],
    [252n * SECOND, '4 m 12 s'],
    [6n * HOUR + 39n * SECOND, '6 h 00 m 39 s'],
    [52n * HOUR, '2 d 04 h'],
    [-1_180n * MS, '−1.18 s'],
  ])('%s ns is %s', (nanos, text) => {
    expect(formatDuration(nanos)).toBe(text);
  });
});

describe('formatClock and formatTimestamp', () => {
  it('say the time in UTC', () => {
    expect(formatClock(START)).toBe('08:02:11.412');
    expect(formatTimestamp(START)).toBe('2026-11-23 08:02:11.412 UTC');
    expect(formatTimestamp(0n)).toBe('1970-01-01 00:00:00.000 UTC');
  });

  it('take the last time that OTLP can say, and keep a time beyond all calendars as a number', () => {
    expect(formatTimestamp(2n ** 64n - 1n)).toBe('2554-07-21 23:34:33.709 UTC');
    expect(formatTimestamp(10n ** 30n)).toBe(`${10n ** 30n} ns`);
    expect(formatClock(10n ** 30n)).toBe(`${10n ** 30n} ns`);
  });
});

describe('formatAge', () => {
  it.each([
    [0n, 'just now'],
    [12n * SECOND, '12 s ago'],
    [4n * 60n * SECOND + 59n * SECOND, '4 min ago'],
    [6n * HOUR, '6 h ago'],
    [24n * HOUR, '1 day ago'],
    [80n * HOUR, '3 days ago'],
    [-5n * SECOND, 'in 5 s'],
  ])('%s ns before now is %s', (ago, text) => {
    expect(formatAge(START - ago, START)).toBe(text);
  });
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [9812, '9,812'],
    [1234567, '1,234,567'],
  ])('%s is %s', (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});

describe('causeWords', () => {
  const edge = { from: 'a', to: 'b', kind: 'delivered' } as const;

  it('says nothing of what a parent or link declares', () => {
    expect(causeWords({ ...edge, evidence: ['parent'], confidence: 1 })).toBeNull();
    expect(causeWords({ ...edge, evidence: ['link', 'event-id'], confidence: 1 })).toBeNull();
  });

  it('names the ID that joined, the strongest first', () => {
    expect(causeWords({ ...edge, evidence: ['event-id', 'broker-position'], confidence: 1 })).toBe(
      'joined by message ID',
    );
    expect(causeWords({ ...edge, evidence: ['causation-id'], confidence: 1 })).toBe('joined by causation ID');
    expect(causeWords({ ...edge, evidence: ['broker-position'], confidence: 1 })).toBe('joined by position');
  });

  it('never shows a guess as certain', () => {
    expect(causeWords({ ...edge, evidence: ['inferred'], confidence: 0.6 })).toBe('guessed, 60 %');
    expect(causeWords({ ...edge, evidence: ['inferred'], confidence: 0.9999 })).toBe('guessed, 99 %');
    expect(causeWords({ ...edge, evidence: ['inferred'], confidence: 0.29 })).toBe('guessed, 29 %');
    expect(causeWords({ ...edge, evidence: ['inferred'], confidence: 0.002 })).toBe('guessed, under 1 %');
    expect(causeWords({ ...edge, evidence: ['correlation-id'], confidence: 0.5 })).toBe(
      'guessed from correlation ID, 50 %',
    );
    // A batch: the parent is declared, but it stands for five messages.
    expect(causeWords({ ...edge, evidence: ['parent'], confidence: 0.2 })).toBe('guessed, 20 %');
  });
});
