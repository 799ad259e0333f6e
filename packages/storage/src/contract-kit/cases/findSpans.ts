import { type Lookup, linkId, positionId } from '@upshot/model';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Bench } from '../Bench.js';
import { spanId, traceId } from '../ids.js';
import { type KitSpan, spanBatch } from '../spanBatch.js';
import { spanRows } from '../spanRows.js';

/**
 *   trace 1   A ── B publishes event e1, correlation order_1
 *   trace 2   C consumes e1 (linked to B), caused by e0, position orders.3.42
 *   trace 3   D ── E ── F, not of the workflow
 */
const A: KitSpan = { traceId: traceId(1), spanId: spanId(0xa), entry: true };
const B: KitSpan = {
  traceId: traceId(1),
  spanId: spanId(0xb),
  parentSpanId: spanId(0xa),
  keys: [
    ['event', 'e1'],
    ['correlation', 'order_1'],
  ],
};
const C: KitSpan = {
  traceId: traceId(2),
  spanId: spanId(0xc),
  keys: [
    ['event', 'e1'],
    ['event', positionId('orders', '3', '42')],
    ['causation', 'e0'],
    ['link', linkId(traceId(1), spanId(0xb))],
  ],
};
const D: KitSpan = { traceId: traceId(3), spanId: spanId(0xd) };
const E: KitSpan = { traceId: traceId(3), spanId: spanId(0xe), parentSpanId: spanId(0xd) };
const F: KitSpan = { traceId: traceId(3), spanId: spanId(0xf), parentSpanId: spanId(0xe) };

const LOOKUPS: [what: string, lookup: Partial<Lookup>, found: KitSpan[]][] = [
  ['a trace', { traceIds: [traceId(1)] }, [A, B]],
  ['several traces', { traceIds: [traceId(1), traceId(2), traceId(9)] }, [A, B, C]],
  ['a span', { spanIds: [spanId(0xc)] }, [C]],
  ['an event, published and consumed', { eventIds: ['e1'] }, [B, C]],
  ['a broker position', { eventIds: [positionId('orders', '3', '42')] }, [C]],
  ['a correlation ID', { correlationIds: ['order_1'] }, [B]],
  ['a causation ID', { causationIds: ['e0'] }, [C]],
  ['what links to a span', { linksTo: [{ traceId: traceId(1), spanId: spanId(0xb) }] }, [C]],
  [
    'a link to the same span ID of another trace',
    { linksTo: [{ traceId: traceId(2), spanId: spanId(0xb) }] },
    [],
  ],
  [
    'a span and its children within a trace',
    { within: [{ traceId: traceId(3), spanIds: [spanId(0xd)] }] },
    [D, E],
  ],
  [
    'a span within a trace that has it not',
    { within: [{ traceId: traceId(1), spanIds: [spanId(0xd)] }] },
    [],
  ],
  [
    'spans within two traces',
    {
      within: [
        { traceId: traceId(3), spanIds: [spanId(0xf)] },
        { traceId: traceId(1), spanIds: [spanId(0xa)] },
      ],
    },
    [A, B, F],
  ],
  [
    'any of several kinds, each row once',
    { traceIds: [traceId(1)], eventIds: ['e1'], spanIds: [spanId(0xb)] },
    [A, B, C],
  ],
  ['an event under the name of a correlation ID', { eventIds: ['order_1'] }, []],
  ['a correlation ID under the name of an event', { correlationIds: ['e1'] }, []],
  ['a cause under the name of an event', { eventIds: ['e0'] }, []],
  ['a trace ID that is no hex', { traceIds: ["' OR 1 = 1 --", '', 'zz'.repeat(16)] }, []],
  ['a trace ID in upper case', { traceIds: [traceId(0xa).toUpperCase()] }, []],
  ['a span ID of the wrong length', { spanIds: ['0c', `${spanId(0xc)}00`, "'"] }, []],
  ['IDs within a trace that are no hex', { within: [{ traceId: traceId(3), spanIds: ['x', '', "'"] }] }, []],
  ['nothing', {}, []],
  [
    'empty lists',
    {
      traceIds: [],
      spanIds: [],
      within: [],
      eventIds: [],
      correlationIds: [],
      causationIds: [],
      linksTo: [],
    },
    [],
  ],
];

export function findSpanCases(bench: Bench): void {
  describe('spans are found by', () => {
    beforeEach(async () => {
      await bench.store().write({ spans: [spanBatch([A, C, E]), spanBatch([B, D, F])], records: [] });
    });

    it.each(LOOKUPS)('%s', async (_, lookup, expected) => {
      const found = await bench.store().find({ limit: 100, ...lookup });
      expect(spanRows(found.spans)).toEqual(spanRows(spanBatch(expected)));
      expect(found).toMatchObject({ records: [], more: false, unavailable: [] });
    });
  });

  it('finds spans by unusual IDs', async () => {
    const ids = UNUSUAL_IDS;
    const spans = ids.map((id, n) => ({
      traceId: traceId(n + 1),
      spanId: spanId(n + 1),
      keys: [
        ['correlation', id],
        ['event', `${id}!`],
      ],
    })) satisfies KitSpan[];
    await bench.store().write({ spans: [spanBatch(spans)], records: [] });
    for (const [n, id] of ids.entries()) {
      const byCorrelation = await bench.store().find({ correlationIds: [id], limit: 10 });
      const byEvent = await bench.store().find({ eventIds: [`${id}!`], limit: 10 });
      expect(spanRows(byCorrelation.spans), JSON.stringify(id.slice(0, 40))).toEqual(
        spanRows(spanBatch([spans[n]!])),
      );
      expect(spanRows(byEvent.spans)).toEqual(spanRows(spanBatch([spans[n]!])));
    }
  });

  it('finds spans by thousands of IDs at once', async () => {
    const spans = Array.from(
      { length: 6000 },
      (_, n): KitSpan => ({
        traceId: traceId(n + 1),
        spanId: spanId(n + 1),
        parentSpanId: spanId(n + 100_000),
        keys: [['event', `evt-${n}`]],
      }),
    );
    await bench.store().write({ spans: [spanBatch(spans)], records: [] });
    const every = (step: number) => spans.filter((_, n) => n % step === 0);
    const { spans: found, more } = await bench.store().find({
      traceIds: every(2).map((span) => span.traceId),
      spanIds: every(3).map((span) => span.spanId),
      eventIds: every(5).map((_, i) => `evt-${i * 5}`),
      within: every(7).map((span) => ({ traceId: span.traceId, spanIds: [span.parentSpanId!, spanId(1)] })),
      limit: 10_000,
    });
    const expected = spans.filter((_, n) => n % 2 === 0 || n % 3 === 0 || n % 5 === 0 || n % 7 === 0);
    expect(new Set(spanRows(found).map((row) => row.traceId))).toEqual(
      new Set(expected.map((span) => span.traceId)),
    );
    expect(more).toBe(false);
  });
}

export const UNUSUAL_IDS = [
  "order'441",
  'order"441',
  'order\\441',
  "\\'; DROP TABLE spans; --",
  'nul\0within',
  '\n\r\t\x08\x7f',
  'Bestellung Nº 441 – größer',
  '注文441',
  '🧾441',
  '{id:String}',
  '%441%',
  '',
  ' ',
  'x'.repeat(100_000),
];
