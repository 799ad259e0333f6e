import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { KeyFilter } from '../../src/roll-up/KeyFilter.js';

/** Two layers of 10 and 21 keys. */
const SMALL = { bitsOfOne: 12, probes: 8, firstBits: 128, mostLayers: 2 };

/** Keys are hashes. */
const half = (n: number, salt: number) => createHash('sha256').update(`${n} ${salt}`).digest().readUInt32LE();

describe('a filter of keys', () => {
  it('knows what was added until it is full, and says that it is', () => {
    const filter = new KeyFilter(SMALL);
    let added = 0;
    for (; !filter.isFull; added++) filter.add(half(added, 0), half(added, 1));
    expect(added).toBeGreaterThanOrEqual(31);
    for (let n = 0; n < added; n++) expect(filter.has(half(n, 0), half(n, 1))).toBe(true);
    const others = Array.from({ length: 1_000 }, (_, n) => n + 10_000);
    expect(others.filter((n) => filter.has(half(n, 0), half(n, 1))).length).toBeLessThan(50);
  });

  it('comes back as it was', () => {
    const filter = new KeyFilter(SMALL);
    for (let n = 0; n < 15; n++) filter.add(half(n, 0), half(n, 1));
    const again = KeyFilter.fromJson(SMALL, JSON.parse(JSON.stringify(filter.toJson())));
    for (let n = 0; n < 15; n++) expect(again.add(half(n, 0), half(n, 1))).toBe(false);
    expect(again.toJson()).toEqual(filter.toJson());
  });
});
