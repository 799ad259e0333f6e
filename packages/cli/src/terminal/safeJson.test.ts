import fc from 'fast-check';
import { expect, it } from 'vitest';
import { safeJson } from './safeJson.js';

it('means the same and holds nothing that a terminal obeys', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.dictionary(text, text), (value) => {
      const safe = safeJson(JSON.stringify(value));
      expect(JSON.parse(safe)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(safeJson(JSON.stringify('\u009b31m\u202e\u{e0041}é😀'))).toBe(
    '"\\u009b31m\\u202e\\udb40\\udc41é😀"',
  );
});
