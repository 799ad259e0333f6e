import { describe, expect, it } from 'vitest';
import { ProtobufReader } from '../src/wire/ProtobufReader.js';
import { ProtobufWriter } from '../src/wire/ProtobufWriter.js';

describe('ProtobufWriter', () => {
  it.each([0, 1, 126, 127, 128, 129, 16_383, 16_384, 16_390, 2_097_151, 2_097_152])(
    'writes a message in a message whose length is %d',
    (length) => {
      const writer = new ProtobufWriter(16);
      writer.message(1, () => {
        writer.text(7, 'before');
        writer.message(2, () => writer.raw(Buffer.alloc(length, 0x5a)));
        writer.text(8, 'after');
      });
      writer.text(3, 'end');
      const reader = new ProtobufReader(writer.view());
      reader.next();
      const outer = reader.message();
      outer.next();
      expect([outer.field, outer.text()]).toEqual([7, 'before']);
      outer.next();
      const inner = outer.slice();
      expect(inner.length).toBe(length);
      expect(inner.every((byte) => byte === 0x5a)).toBe(true);
      outer.next();
      expect([outer.field, outer.text(), outer.next()]).toEqual([8, 'after', false]);
      reader.next();
      expect([reader.field, reader.text(), reader.next()]).toEqual([3, 'end', false]);
    },
  );

  it('takes back what a message had begun', () => {
    const writer = new ProtobufWriter(8);
    writer.text(1, 'kept');
    const { length } = writer;
    expect(() =>
      writer.message(2, () => {
        writer.text(3, 'x'.repeat(500));
        throw new Error('bad');
      }),
    ).toThrow('bad');
    writer.truncate(length);
    writer.text(4, 'next');
    expect(Buffer.from(writer.finish()).toString('latin1')).toBe('\x0a\x04kept\x22\x04next');
  });
});
