import type { Lookup } from '@upshot/model';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { storedRecord } from '../storedRecord.js';
import { UNUSUAL_IDS } from './findSpans.js';

const PLACED = storedRecord({
  eventId: 'e1',
  traceId: 'tr_501',
  spanId: 'span_31',
  correlationId: 'order_441',
});
const SETTLED = storedRecord({
  eventId: 'e2',
  phase: 'succeeded',
  consumerName: 'ledger',
  causationId: 'e1',
  correlationId: 'order_441',
  attempt: 2,
  error: { type: 'UpstreamError', message: 'HTTP 503' },
});
const CREATED = storedRecord({
  eventId: 'e3',
  form: 'cloudevent',
  createdIn: { traceId: traceId(7), spanId: spanId(7) },
});

const LOOKUPS: [what: string, lookup: Partial<Lookup>, found: (typeof PLACED)[]][] = [
  ['event ID', { eventIds: ['e1'] }, [PLACED]],
  ['correlation ID', { correlationIds: ['order_441'] }, [PLACED, SETTLED]],
  ['causation ID', { causationIds: ['e1'] }, [SETTLED]],
  ['trace ID, any text', { traceIds: ['tr_501'] }, [PLACED]],
  ['span ID, any text', { spanIds: ['span_31'] }, [PLACED]],
  [
    'the span that a CloudEvent was created in',
    { linksTo: [{ traceId: traceId(7), spanId: spanId(7) }] },
    [CREATED],
  ],
  ['the trace that a CloudEvent was created in', { traceIds: [traceId(7)] }, [CREATED]],
  [
    'several at once, each once',
    { eventIds: ['e1', 'e2'], correlationIds: ['order_441'] },
    [PLACED, SETTLED],
  ],
  ['an ID under another name', { eventIds: ['order_441', 'tr_501'], correlationIds: ['e1'] }, []],
];

export function findRecordCases(bench: Bench): void {
  describe('records are found by', () => {
    beforeEach(async () => {
      await bench.store().write({ spans: [], records: [PLACED, SETTLED, CREATED] });
    });

    it.each(LOOKUPS)('%s', async (_, lookup, expected) => {
      const { records, spans, more } = await bench.store().find({ limit: 100, ...lookup });
      expect(byIdentity(records)).toEqual(byIdentity(expected));
      expect({ spans: spans.rows, more }).toEqual({ spans: 0, more: false });
    });
  });

  it('finds records by unusual IDs', async () => {
    const records = UNUSUAL_IDS.map((id, n) =>
      storedRecord({ eventId: `${n}-${id}`, correlationId: `c${id}`, eventName: id, producer: id }),
    );
    await bench.store().write({ spans: [], records });
    for (const [n, id] of UNUSUAL_IDS.entries()) {
      const found = await bench
        .store()
        .find({ eventIds: [`${n}-${id}`], correlationIds: [`c${id}`], limit: 10 });
      expect(found.records).toEqual([records[n]]);
    }
  });

  it('keeps every attribute value of a record', async () => {
    const record = storedRecord({
      eventId: 'e1',
      attributes: {
        text: 'größer 🧾 \0 "\' \\',
        integer: -1,
        big: 2n ** 63n - 1n,
        double: 0.1,
        zero: -0,
        infinite: Number.NEGATIVE_INFINITY,
        none: null,
        truth: true,
        bytes: new Uint8Array([0, 255, 128]),
        list: [1, 'two', [3n, null], { four: 4 }],
        nested: { a: { b: { c: new Uint8Array([1]) } } },
        likeATag: { $bytes: 'AQ==' },
        likeTwoTags: { $object: { $bigint: '1' } },
        '': 'an empty name',
        lone: '\ud800',
      },
    });
    await bench.store().write({ spans: [], records: [record] });
    await bench.restart();
    const { records } = await bench.store().find({ eventIds: ['e1'], limit: 1 });
    expect(records).toEqual([record]);
  });
}

function byIdentity<T extends { readonly identity: string }>(records: readonly T[]): T[] {
  return [...records].sort((a, b) => (a.identity < b.identity ? -1 : 1));
}
