import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFolds, lengthOf } from '../../src/workflow/timeline/findFolds.js';
import { FOLD_WIDTH, TimeScale } from '../../src/workflow/timeline/TimeScale.js';

const SECOND = 1_000_000_000n;
const seconds = (from: number, to: number) => ({
  from: BigInt(Math.round(from * 1000)) * 1_000_000n,
  to: BigInt(Math.round(to * 1000)) * 1_000_000n,
});

describe('findFolds', () => {
  it('folds hours between attempts, and not the seconds between others', () => {
    const busy = [seconds(0, 1), seconds(6, 7), seconds(37, 38), seconds(21_638, 21_639)];
    expect(findFolds(busy, 0n, 21_639n * SECOND).map((fold) => lengthOf(fold) / SECOND)).toEqual([
      30n,
      21_600n,
    ]);
  });

  it('folds each of several equal waits', () => {
    const busy = [0, 3600, 7200, 10_800].map((at) => seconds(at, at + 1));
    expect(findFolds(busy, 0n, 10_801n * SECOND)).toHaveLength(3);
  });

  it('never folds work, however long', () => {
    expect(findFolds([seconds(0, 20_000), seconds(20_000, 20_001)], 0n, 20_001n * SECOND)).toEqual([]);
  });

  it('leaves waits of a moment as they are', () => {
    expect(findFolds([seconds(0, 0.01), seconds(2, 2.01)], 0n, 3n * SECOND)).toEqual([]);
  });

  it('folds nothing where most of the time is work', () => {
    expect(findFolds([seconds(0, 60), seconds(120, 180)], 0n, 180n * SECOND)).toEqual([]);
  });
});

describe('TimeScale', () => {
  const folds = [seconds(10, 3610)];
  const scale = new TimeScale(0n, 3620n * SECOND, folds, 1026);

  it('gives all parts one scale, and a fold a narrow band', () => {
    expect(scale.x(0n)).toBe(0);
    expect(scale.x(10n * SECOND)).toBeCloseTo(500, 5);
    expect(scale.x(3610n * SECOND)).toBeCloseTo(500 + FOLD_WIDTH, 5);
    expect(scale.x(3620n * SECOND)).toBeCloseTo(1026, 5);
    expect(scale.x(3615n * SECOND) - scale.x(3610n * SECOND)).toBeCloseTo(scale.x(5n * SECOND), 5);
  });

  it('never goes back, and never leaves its width', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -10n, max: 4000n }), fc.bigInt({ min: -10n, max: 4000n }), (a, b) => {
        const [first, then] = a < b ? [a, b] : [b, a];
        const [x, y] = [scale.x(first * SECOND), scale.x(then * SECOND)];
        expect(x).toBeLessThanOrEqual(y + 1e-9);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x, y)).toBeLessThanOrEqual(1026 + 1e-9);
      }),
    );
  });

  it('labels round offsets, none upon another', () => {
    const ticks = scale.ticks();
    expect(ticks[0]).toEqual({ x: 0, label: '0 s' });
    expect(ticks.map(({ label }) => label)).toContain('+4 s');
    ticks.slice(1).forEach(({ x }, at) => {
      expect(x - ticks[at]!.x).toBeGreaterThan(50);
    });
  });

  it('stands a workflow that is one moment', () => {
    const moment = new TimeScale(5n, 5n, [], 400);
    expect(moment.x(5n)).toBe(0);
    expect(moment.ticks()).toHaveLength(1);
  });
});
