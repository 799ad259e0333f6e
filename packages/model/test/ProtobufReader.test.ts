import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedProtobuf, ProtobufReader, ProtobufWriter } from '../src/index.js';

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let left = BigInt.asUintN(64, value); ; left >>= 7n) {
    if (left < 128n) return Uint8Array.from([...bytes, Number(left)]);
    bytes.push(Number(left & 127n) | 128);
  }
}

describe('reading', () => {
  it('gives back any 64-bit integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const reader = new ProtobufReader(varint(value));
        expect(reader.varint64()).toBe(value);
        expect(reader.at).toBe(reader.end);
      }),
    );
    for (const edge of [0n, 127n, 128n, 2n ** 28n - 1n, 2n ** 28n, 2n ** 31n, -1n]) {
      expect(new ProtobufReader(varint(edge)).varint64()).toBe(edge);
    }
  });

  it('never reads an integer beyond the end', () => {
    expect(() => new ProtobufReader(Uint8Array.of(0x80, 0x80)).varint64()).toThrow(MalformedProtobuf);
    expect(() => new ProtobufReader(Uint8Array.of(0x80, 1), 0, 1).varint64()).toThrow(MalformedProtobuf);
  });

  it('gives the text of any bytes as a decoder does, however often and whatever came before', () => {
    const decoder = new TextDecoder();
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      fc.string({ maxLength: 60 }).map((one) => new TextEncoder().encode(one)),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (texts) => {
        for (const bytes of [...texts, ...texts]) {
          const writer = new ProtobufWriter();
          writer.bytes(1, bytes);
          const reader = new ProtobufReader(writer.finish());
          reader.next();
          expect(reader.text()).toBe(decoder.decode(bytes));
        }
      }),
    );
  });
});
