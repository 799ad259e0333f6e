import { describe, expect, it } from 'vitest';
import { WriteRate } from '../../src/roll-up/WriteRate.js';

function rateAt() {
  let now = 0;
  const rate = new WriteRate(() => now);
  return { rate, to: (ms: number) => (now = ms) };
}

describe('the rate of writes', () => {
  it('is that of the last second, and what the one under way has brought', () => {
    const { rate, to } = rateAt();
    rate.add(4_000);
    expect(rate.perSecond).toBe(4_000);
    to(1_100);
    rate.add(100);
    expect(rate.perSecond).toBe(4_000);
    to(2_100);
    expect(rate.perSecond).toBe(100);
    to(9_000);
    expect(rate.perSecond).toBe(0);
    expect(rate.sustained).toBe(0);
  });

  it('is not much on the whole where writes of a moment were held up and came together', () => {
    const { rate, to } = rateAt();
    for (let second = 0; second < 10; second++) {
      to(second * 1000 + 500);
      // None in the sixth second, and twice as many in the next.
      rate.add(second === 6 ? 0 : second === 7 ? 40_000 : 20_000);
      if (second === 7) expect(rate.perSecond).toBe(40_000);
      if (second >= 5) expect(rate.sustained).toBeLessThanOrEqual(20_000);
    }
  });

  it('is much within half a second where there is ten times as much as is kept up with', () => {
    const { rate, to } = rateAt();
    for (let ms = 0; ms < 600; ms += 10) {
      to(ms);
      rate.add(2_500);
    }
    expect(rate.sustained).toBeGreaterThan(25_000);
  });
});
