import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAYS_AHEAD, DAYS_BACK, dayOf, filingDay, NANOS_PER_DAY } from './receiptDay.js';

describe('the day of a time', () => {
  it('is exact for every nanosecond', () => {
    const near = fc
      .tuple(fc.bigInt(0n, 213_503n), fc.bigInt(-2n, 2n))
      .map(([day, off]) => day * NANOS_PER_DAY + off);
    fc.assert(
      fc.property(fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), near), (given) => {
        const time = BigInt.asUintN(64, given);
        expect(dayOf(Number(time & 0xffff_ffffn), Number(time >> 32n))).toBe(Number(time / NANOS_PER_DAY));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a row is filed', () => {
  const today = 20_000;
  const noon = today * 86_400_000 + 43_200_000;

  it('under the day on which it started, where that is near its receipt', () => {
    for (const day of [today - DAYS_BACK, today - 1, today, today + DAYS_AHEAD])
      expect(filingDay(day, noon)).toBe(day);
  });

  it('under the earliest day allowed where it started before, so that it is kept rather too long', () => {
    for (const day of [0, 1, today - DAYS_BACK - 1]) expect(filingDay(day, noon)).toBe(today - DAYS_BACK);
  });

  it('under the day of receipt where it started in a future that is not believed', () => {
    for (const day of [today + DAYS_AHEAD + 1, 213_503]) expect(filingDay(day, noon)).toBe(today);
  });

  it('into few partitions, whatever the senders say', () => {
    const days = new Set(Array.from({ length: 213_504 }, (_, day) => filingDay(day, noon)));
    expect(days.size).toBe(DAYS_BACK + DAYS_AHEAD + 1);
  });

  it('under no day before the first, by a clock that was never set', () => {
    expect(filingDay(0, 0)).toBe(0);
  });
});
