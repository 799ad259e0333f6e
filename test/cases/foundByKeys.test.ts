import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { askWorkflowsAt } from '@upshot/causality';
import { ATTRIBUTES, type Concept } from '@upshot/conventions';
import type { EventNode } from '@upshot/model';
import { decodeExport } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asWritten } from './support/arrangements.js';
import { readCases } from './support/Case.js';
import { drive } from './support/drive.js';
import { fillStore } from './support/fillStore.js';

const RECORDINGS = resolve(import.meta.dirname, '../../recordings');
const recorded = readdirSync(RECORDINGS)
  .map((name) => join(RECORDINGS, name, 'traces.otlp.json'))
  .filter((file) => existsSync(file));
const NOW = 1_800_000_000_000_000_000n;

// What interpretation calls an ID, extraction must have keyed: an ID that is shown and can't be looked up is worse than none.
describe('every ID that an answer names', () => {
  it('finds rows in the cases', async () => {
    for (const one of readCases()) {
      const store = openMemoryStore();
      await fillStore(store, asWritten(one));
      expect(await notFound(store, one.nowUnixNano), one.name).toEqual([]);
    }
  });

  it('finds rows in the recordings', async () => {
    for (const file of recorded) {
      const store = openMemoryStore();
      await store.write({ spans: [decodeExport(readFileSync(file), 'json').spans], records: [] });
      expect(await notFound(store, NOW), file).toEqual([]);
    }
  });

  it('finds rows whatever keys of whatever vocabularies stand on a span', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(span, { minLength: 1, maxLength: 5 }), async (spans) => {
        const store = openMemoryStore();
        await store.write({ spans: [decodeExport(exportOf(spans), 'json').spans], records: [] });
        expect(await notFound(store, NOW)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

/** IDs of all events of all workflows whose look-up brings no row, in words. */
async function notFound(store: Store, nowUnixNano: bigint): Promise<string[]> {
  const entries = await store.entries({ limit: 10_000 });
  const answers = await drive(store, askWorkflowsAt(entries, { nowUnixNano }));
  const faults: string[] = [];
  for (const { events } of answers) {
    for (const event of events) {
      for (const [field, ids] of Object.entries(LOOKUPS)) {
        const id = event[field as keyof typeof LOOKUPS];
        if (id === null) continue;
        const { spans, records } = await store.find({ ...NOTHING, [ids]: [id], limit: 1 });
        if (spans.rows + records.length === 0) faults.push(`${field} ${id} of ${event.id}`);
      }
    }
  }
  return faults;
}

const LOOKUPS = {
  eventId: 'eventIds',
  correlationId: 'correlationIds',
  causationId: 'causationIds',
} as const satisfies Partial<Record<keyof EventNode, string>>;

const NOTHING = {
  traceIds: [],
  spanIds: [],
  eventIds: [],
  correlationIds: [],
  causationIds: [],
  linksTo: [],
  within: [],
};

const keys = (Object.keys(ATTRIBUTES) as Concept[]).flatMap((concept) => [...ATTRIBUTES[concept]]);
const word = fc.constantFrom(
  'a',
  'orders',
  '7',
  '0',
  '00000000-0000-0000-0000-000000000000',
  'orders.0.7',
  '',
);
const value = fc.oneof(
  word.map((stringValue) => ({ stringValue })),
  fc.nat(9).map((int) => ({ intValue: String(int) })),
  fc.array(word, { maxLength: 2 }).map((values) => ({
    arrayValue: { values: values.map((stringValue) => ({ stringValue })) },
  })),
);
const attributes = fc.array(fc.record({ key: fc.constantFrom(...keys), value }), { maxLength: 8 });
const span = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  parent: fc.nat(6),
  kind: fc.integer({ min: 1, max: 5 }),
  name: fc.constantFrom(
    'send',
    'receive',
    'orders process',
    'orders subscribe',
    'SQS.SendMessage',
    'on-message',
  ),
  scope: fc.constantFrom(
    '',
    'NServiceBus',
    'MassTransit',
    'Wolverine',
    'Rebus',
    'AxonFramework-OpenTelemetry',
  ),
  attributes,
  linked: fc.array(fc.record({ to: fc.integer({ min: 1, max: 6 }), attributes }), { maxLength: 2 }),
});

type Generated = typeof span extends fc.Arbitrary<infer Value> ? Value : never;

function exportOf(spans: readonly Generated[]): Buffer {
  const hex = (id: number, length: number) => String(id).padStart(length, '0');
  const resourceSpans = spans.map(({ id, parent, kind, name, scope, attributes, linked }) => ({
    scopeSpans: [
      {
        scope: { name: scope },
        spans: [
          {
            traceId: hex(1, 32),
            spanId: hex(id, 16),
            parentSpanId: parent === 0 ? '' : hex(parent, 16),
            kind,
            name,
            startTimeUnixNano: String(NOW - 1_000_000_000n + BigInt(id)),
            endTimeUnixNano: String(NOW),
            attributes,
            links: linked.map((link) => ({
              traceId: hex(1, 32),
              spanId: hex(link.to, 16),
              attributes: link.attributes,
            })),
          },
        ],
      },
    ],
  }));
  return Buffer.from(JSON.stringify({ resourceSpans }));
}
