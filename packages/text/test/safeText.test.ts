import { safeText } from '@upshot/text';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** Written apart from the implementation: code points that must never reach a terminal as they are. */
function steers(codePoint: number): boolean {
  return (
    codePoint < 0x20 ||
    (codePoint >= 0x7f && codePoint <= 0x9f) ||
    (codePoint >= 0x200b && codePoint <= 0x200f) ||
    (codePoint >= 0x2028 && codePoint <= 0x202e) ||
    (codePoint >= 0x2060 && codePoint <= 0x206f) ||
    (codePoint >= 0xd800 && codePoint <= 0xdfff) ||
    codePoint === 0x061c ||
    codePoint === 0x00ad ||
    codePoint === 0xfeff ||
    (codePoint >= 0xe0000 && codePoint <= 0xe0fff)
  );
}

describe('safeText', () => {
  it.each([
    ['a colour', '\u001b[31mred', '\\u001b[31mred'],
    ['a title that would be set', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['an 8-bit control sequence', '\u009b2J', '\\u009b2J'],
    ['a line feed, tab and return', 'a\nb\tc\rd', 'a\\nb\\tc\\rd'],
    ['DEL and NUL', '\u007f\u0000', '\\u007f\\u0000'],
    ['a bidirectional override', 'invoice\u202efdp.exe', 'invoice\\u202efdp.exe'],
    ['an isolate', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['a zero-width space', 'pay\u200bpal', 'pay\\u200bpal'],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['a tag character', '\u{e0041}', '\\u{e0041}'],
    ['half a surrogate pair', '\ud800x', '\\ud800x'],
    ['a variation selector that hides behind a letter', 'a\ufe0f', 'a\\ufe0f'],
  ])('makes %s visible', (_, text, safe) => {
    expect(safeText(text)).toBe(safe);
  });

  it.each(['order.placed', 'Zahlung für Müller', '注文', '😀 ok', '⚠️ slow', 'é', 'C:\\temp'])(
    'leaves %s as it is',
    (text) => {
      expect(safeText(text)).toBe(text);
    },
  );

  it('lets no steering character through, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const character of safeText(text)) expect(steers(character.codePointAt(0)!)).toBe(false);
      }),
    );
    for (let codePoint = 0; codePoint <= 0xe0fff; codePoint++) {
      if (steers(codePoint)) expect(safeText(String.fromCodePoint(codePoint))).toMatch(/^\\/);
    }
  });
});
