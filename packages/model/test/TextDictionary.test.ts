import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TextDictionary } from '../src/batch/TextDictionary.js';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.nat(50).map(String));

describe('TextDictionary', () => {
  it('numbers unlike texts in the order of first sight, like a map would', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 600 }), (texts) => {
        const dictionary = new TextDictionary();
        const map = new Map<string, number>();
        for (const one of texts) {
          if (!map.has(one)) map.set(one, map.size);
          const padded = Buffer.from(`<${one}>`);
          const index = dictionary.indexOfBytes(padded, 1, padded.length - 1);
          expect(index).toBe(map.get(one));
          expect(dictionary.indexOf(one)).toBe(index);
        }
        expect(dictionary.values).toEqual([...map.keys()]);
      }),
    );
  });

  it('forgets what came after a moment, and only that', () => {
    fc.assert(
      fc.property(fc.array(text), fc.array(text), fc.array(text), (before, after, later) => {
        const dictionary = new TextDictionary();
        const never = new TextDictionary();
        for (const one of before) expect(dictionary.indexOf(one)).toBe(never.indexOf(one));
        const { size, bytes } = dictionary;
        for (const one of after) dictionary.indexOf(one);
        dictionary.truncate(size);
        expect([dictionary.size, dictionary.bytes]).toEqual([size, bytes]);
        for (const one of later) expect(dictionary.indexOf(one)).toBe(never.indexOf(one));
        expect(dictionary.values).toEqual(never.values);
      }),
    );
  });

  it('takes bytes that are no UTF-8 for the text that they are read as', () => {
    const dictionary = new TextDictionary();
    const spellings = [Buffer.from('a\ufffd'), Buffer.from([0x61, 0xff]), Buffer.from([0x61, 0xfe])];
    expect(spellings.map((bytes) => dictionary.indexOfBytes(bytes, 0, bytes.length))).toEqual([0, 0, 0]);
    expect(dictionary.values).toEqual(['a\ufffd']);
  });
});
