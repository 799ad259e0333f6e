import { describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, spanBatch } from '../spanBatch.js';
import { type SpanRowText, spanRows } from '../spanRows.js';
import { storedRecord } from '../storedRecord.js';

const SPAN: KitSpan = {
  traceId: traceId(1),
  spanId: spanId(1),
  keys: [['event', 'e1']],
  tail: new Uint8Array([1]),
};
const OTHER: KitSpan = { ...SPAN, tail: new Uint8Array([2]), status: 2 };
const RECORD = storedRecord({ eventId: 'e1' });

/** Senders repeat themselves, and a write that was refused is written again. */
export function repetitionCases(bench: Bench): void {
  describe('what is written again', () => {
    const found = async () => bench.store().find({ eventIds: ['e1'], limit: 100 });

    it('in one batch, is found at least once and as it was', async () => {
      await bench.store().write({ spans: [spanBatch([SPAN, SPAN])], records: [RECORD, RECORD] });
      const { spans, records } = await found();
      expect(distinct(spanRows(spans))).toEqual(spanRows(spanBatch([SPAN])));
      expect(new Set(records.map(({ identity }) => identity))).toEqual(new Set([RECORD.identity]));
    });

    it('in later batches and after a restart, is found at least once and as it was', async () => {
      const batch = { spans: [spanBatch([SPAN])], records: [RECORD] };
      await bench.store().write(batch);
      await bench.store().write(batch);
      await bench.restart();
      await bench.store().write(batch);
      const { spans, records } = await found();
      expect(distinct(spanRows(spans))).toEqual(spanRows(spanBatch([SPAN])));
      expect(records[0]).toEqual(RECORD);
    });

    it('with another content under the same IDs, is found in both forms', async () => {
      await bench.store().write({ spans: [spanBatch([SPAN])], records: [] });
      await bench.store().write({ spans: [spanBatch([OTHER])], records: [] });
      expect(distinct(spanRows((await found()).spans))).toEqual(spanRows(spanBatch([SPAN, OTHER])));
    });
  });

  it('may be overwritten in memory once a write has settled', async () => {
    const batch = spanBatch([SPAN]);
    await bench.store().write({ spans: [batch], records: [] });
    for (const column of [batch.traceIds, batch.spanIds, batch.starts, batch.tails.bytes]) column.fill(0xee);
    batch.keys.halves.fill(7);
    const { spans } = await bench.store().find({ eventIds: ['e1'], limit: 10 });
    expect(spanRows(spans)).toEqual(spanRows(spanBatch([SPAN])));
  });
}

function distinct(rows: readonly SpanRowText[]): SpanRowText[] {
  const text = (row: SpanRowText) =>
    JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  return [...new Map(rows.map((row) => [text(row), row])).values()];
}
