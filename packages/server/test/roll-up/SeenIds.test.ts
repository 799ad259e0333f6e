import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenIds } from '../../src/roll-up/SeenIds.js';

describe('IDs that were met', () => {
  it('are never told to be new', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { maxLength: 200 }), (ids) => {
        const seen = new SeenIds();
        for (const id of ids) seen.add(id);
        expect(ids.every((id) => seen.has(id))).toBe(true);
      }),
    );
  });

  it('are kept over several layers, and new ones mostly told as new', () => {
    const seen = new SeenIds();
    for (let n = 0; n < 400_000; n++) seen.add(`order_${n}`);
    let known = 0;
    let mistaken = 0;
    for (let n = 0; n < 400_000; n += 7) if (seen.has(`order_${n}`)) known++;
    for (let n = 0; n < 50_000; n++) if (seen.has(`other_${n}`)) mistaken++;
    expect(known).toBe(Math.ceil(400_000 / 7));
    expect(mistaken / 50_000).toBeLessThan(0.02);
  });
});
