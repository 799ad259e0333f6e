import { decodeSpans, ProtobufWriter } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, SOME_TIME, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';

const DAY = 86_400_000_000_000n;

/** Everything that was written comes back as it was. */
export function fidelityCases(bench: Bench): void {
  const readBack = async (spans: readonly KitSpan[]) => {
    await bench.store().write({ spans: [spanBatch(spans)], records: [] });
    await bench.restart();
    const { spans: found } = await bench.store().find({
      traceIds: spans.map((span) => span.traceId),
      limit: 10_000,
    });
    expect(spanRows(found)).toEqual(spanRows(spanBatch(spans)));
    return found;
  };

  describe('comes back as it was written:', () => {
    it('every column of a span', async () => {
      await readBack([
        {
          traceId: '0123456789abcdeffedcba9876543210',
          spanId: 'f0e1d2c3b4a59687',
          parentSpanId: '0000000000000001',
          start: SOME_TIME + 123_456_789n,
          duration: 9_876_543_210n,
          kind: 5,
          status: 2,
          entry: true,
          name: 'größer 🧾 "\'\\\0',
          service: 'inventory-service',
          source: new Uint8Array([0, 1, 0x80, 0xff]),
          tail: Uint8Array.from({ length: 256 }, (_, i) => i),
          keys: [
            ['event', 'a'],
            ['correlation', 'b'],
            ['causation', 'c'],
            ['link', 'd'],
          ],
        },
      ]);
    });

    it('a span decoded from its tail', async () => {
      const value = new ProtobufWriter();
      value.text(1, 'größer');
      const keyValue = new ProtobufWriter();
      keyValue.text(1, 'messaging.system');
      keyValue.bytes(2, value.finish());
      const tail = new ProtobufWriter();
      tail.bytes(9, keyValue.finish());
      const found = await readBack([{ traceId: traceId(1), spanId: spanId(1), tail: tail.finish() }]);
      expect(decodeSpans(found)[0]!.attributes.get('messaging.system')).toBe('größer');
    });

    it('an empty name after others, and IDs of zeros and of ones', async () => {
      await readBack([
        { traceId: '0'.repeat(32), spanId: '0'.repeat(16), name: 'first' },
        { traceId: 'f'.repeat(32), spanId: 'f'.repeat(16), parentSpanId: 'f'.repeat(16), name: '' },
        { traceId: `${'0'.repeat(30)}01`, spanId: `01${'0'.repeat(14)}`, name: 'first' },
      ]);
    });

    it('times from 0 to 2^64 - 1', async () => {
      const starts = [0n, 1n, 86_399_999_999_999n, DAY, SOME_TIME, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n];
      await readBack(starts.map((start, n) => ({ traceId: traceId(n), spanId: spanId(n), start })));
    });

    it('durations below zero and beyond reason', async () => {
      const durations = [0n, -1n, -5_000_000_000n, 2n ** 63n - 1n, -(2n ** 63n)];
      await readBack(durations.map((duration, n) => ({ traceId: traceId(n), spanId: spanId(n), duration })));
    });

    it('150 different days in one batch', async () => {
      const spans = Array.from({ length: 150 }, (_, n) => ({
        traceId: traceId(n),
        spanId: spanId(n),
        start: SOME_TIME + BigInt(n) * DAY,
      }));
      await readBack(spans);
    });

    it('200 days around now in one batch', async () => {
      const now = BigInt(Date.now()) * 1_000_000n;
      const spans = Array.from({ length: 200 }, (_, n) => ({
        traceId: traceId(n),
        spanId: spanId(n),
        start: now + BigInt(n - 100) * DAY,
      }));
      await readBack(spans);
    });

    it('tails from none to a megabyte', async () => {
      const sizes = [0, 1, 127, 128, 129, 16_383, 16_384, 1 << 20, 0];
      await readBack(
        sizes.map((size, n) => ({
          traceId: traceId(n),
          spanId: spanId(n),
          tail: Uint8Array.from({ length: size }, (_, i) => (i * 31 + n) & 0xff),
        })),
      );
    });

    it('many keys, and none', async () => {
      await readBack([
        { traceId: traceId(1), spanId: spanId(1) },
        {
          traceId: traceId(2),
          spanId: spanId(2),
          keys: Array.from({ length: 1000 }, (_, n) => ['link', `link-${n}`] as const),
        },
        { traceId: traceId(3), spanId: spanId(3), keys: [['event', 'e']] },
      ]);
    });

    it('10,000 different names', async () => {
      await readBack(
        Array.from({ length: 10_000 }, (_, n) => ({
          traceId: traceId(n % 50),
          spanId: spanId(n),
          name: `GET /orders/${n}`,
        })),
      );
    });
  });
}
