import { spanBatch, spanRows } from '@upshot/storage/contract-kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSpanRows } from '../src/native/decodeSpanRows.js';
import { encodeSpans } from '../src/native/encodeSpans.js';
import { readBlocks } from '../src/native/NativeBlock.js';
import { NativeWriter } from '../src/native/NativeWriter.js';

const hex = (bytes: number) =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((id) => Buffer.from(id).toString('hex'));
const span = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: hex(8),
  start: fc.bigInt(0n, 2n ** 64n - 1n),
  duration: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
  kind: fc.nat(255),
  status: fc.nat(255),
  entry: fc.boolean(),
  name: fc.oneof(fc.constantFrom('', 'a', 'b'), fc.string()),
  service: fc.constantFrom('', 'orders', 'payments'),
  source: fc.uint8Array({ maxLength: 4 }),
  tail: fc.uint8Array({ maxLength: 300, size: 'large' }),
  keys: fc.array(fc.tuple(fc.constantFrom('event' as const, 'link' as const), fc.string()), { maxLength: 5 }),
});

describe('spans as Native blocks', () => {
  it('hold several batches as one, row for row', () => {
    fc.assert(
      fc.property(fc.array(fc.array(span, { maxLength: 8 }), { minLength: 1, maxLength: 4 }), (groups) => {
        const writer = new NativeWriter(64);
        encodeSpans(writer, groups.map(spanBatch), Date.now(), 1n);
        const decoded = decodeSpanRows(readBlocks(writer.written()));
        expect(spanRows(decoded)).toEqual(spanRows(spanBatch(groups.flat())));
      }),
      { numRuns: 300 },
    );
  });

  it('are read from several blocks, as answers come', () => {
    fc.assert(
      fc.property(fc.array(fc.array(span, { minLength: 1, maxLength: 8 }), { maxLength: 4 }), (groups) => {
        const answers = groups.map((group) => {
          const writer = new NativeWriter(64);
          encodeSpans(writer, [spanBatch(group)], Date.now(), 1n);
          return Buffer.from(writer.written());
        });
        const decoded = decodeSpanRows(readBlocks(Buffer.concat(answers)));
        expect(spanRows(decoded)).toEqual(spanRows(spanBatch(groups.flat())));
      }),
      { numRuns: 300 },
    );
  });

  it('that are cut short are refused', () => {
    const writer = new NativeWriter(64);
    encodeSpans(
      writer,
      [spanBatch([{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), name: 'name' }])],
      0,
      1n,
    );
    const whole = writer.written();
    for (let length = 1; length < whole.length; length++)
      expect(() => readBlocks(whole.subarray(0, length)), String(length)).toThrow(
        expect.objectContaining({ name: 'StorageError' }),
      );
  });

  it('of a type that nobody asked for are refused by name', () => {
    const writer = new NativeWriter(64);
    writer.block(1, 1);
    writer.column('x', 'Decimal(9, 2)');
    writer.uint64(0);
    expect(() => readBlocks(writer.written())).toThrow(/Decimal/);
  });
});
