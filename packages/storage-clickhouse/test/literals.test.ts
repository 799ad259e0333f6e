import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexLiteral, isHex, stringLiteral, uint64Literal } from '../src/sql/literals.js';
import { openEngine, textsIn } from './support.js';

describe('literals', () => {
  it('are printable ASCII without a bare quote or backslash, whatever they stand for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(stringLiteral(text)).toMatch(/^'([ !#-&(-[\]-~"]|\\x[0-9a-f]{2})*'$/);
      }),
    );
  });

  it('of strings come back from the engine as they were', async () => {
    const engine = openEngine();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.string(),
            fc.constantFrom("'", '\\', "\\'", '\0', '\\x27', '--', '/*', '{a:String}'),
          ),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        async (texts) => {
          // A lone surrogate has no UTF-8; it is stored as the replacement character, as everywhere in Node.
          const expected = texts.map((text) => Buffer.from(text).toString());
          const list = texts.map(stringLiteral).join(', ');
          const answer = await engine.query(`SELECT arrayJoin([${list}]) AS text`);
          expect(textsIn(answer, 'text')).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of bytes come back from the engine as they were', async () => {
    const engine = openEngine();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 16 }), async (bytes) => {
        const hex = Buffer.from(bytes).toString('hex');
        const answer = await engine.query(
          `SELECT lower(hex(toFixedString(${hexLiteral(hex, 16)}, 16))) AS text`,
        );
        expect(textsIn(answer, 'text')).toEqual([hex]);
      }),
      { numRuns: 60 },
    );
  });

  it('of numbers come back from the engine as they were', async () => {
    const engine = openEngine();
    const numbers = [0n, 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
    const list = numbers.map((number) => `toString(${uint64Literal(number)})`).join(', ');
    const answer = await engine.query(`SELECT arrayJoin([${list}]) AS text`);
    expect(textsIn(answer, 'text')).toEqual(numbers.map(String));
  });

  it('refuse what they can not stand for', () => {
    for (const hex of ['', '0', 'zz', '0A', "0'", '001', '00\n'])
      expect(() => hexLiteral(hex, 1), hex).toThrow(TypeError);
    expect(isHex('00ff', 2)).toBe(true);
    for (const number of [-1n, 2n ** 64n]) expect(() => uint64Literal(number)).toThrow(RangeError);
  });
});
