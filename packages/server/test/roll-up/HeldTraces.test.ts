import type { SpanRow } from '@upshot/storage';
import { describe, expect, it } from 'vitest';
import { HeldTraces } from '../../src/roll-up/HeldTraces.js';
import { largeTrace } from '../fixtures/largeTrace.js';

const batch = largeTrace('5'.repeat(32), 1);
const rows = (count: number): SpanRow[] => Array.from({ length: count }, (_, row) => ({ batch, row }));

describe('traces at hand', () => {
  it('grow by what comes later, in the order in which it came', () => {
    const held = new HeldTraces();
    held.add('a', rows(2));
    held.add('a', [{ batch, row: 7 }]);
    expect(held.of('a').map(({ row }) => row)).toEqual([0, 1, 7]);
    expect(held.has('b')).toBe(false);
    expect(held.of('b')).toEqual([]);
  });

  it('are let go, the oldest first, where they are too many; one too large at once', () => {
    const held = new HeldTraces();
    held.add('first', rows(10));
    held.add('large', rows(20_001));
    expect(held.has('large')).toBe(false);
    for (let n = 0; n < 15; n++) held.add(`trace ${n}`, rows(10_000));
    expect(held.has('first')).toBe(false);
    expect(held.has('trace 14')).toBe(true);
    held.add('trace 3', rows(10_001));
    expect(held.has('trace 3')).toBe(false);
  });
});
