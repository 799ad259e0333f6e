import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holding, workflow } from './support/ask.js';
import { NOW, type SentSpan } from './support/fleet.js';

/** What a follow-up says about the message that it is for. */
type Said = 'nothing' | 'correlation' | 'key';

const hex = (n: number, length: number) => n.toString(16).padStart(length, '0');
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const at = (ms: number) => String(NOW - 3_000_000_000n + BigInt(ms) * 1_000_000n);

/** `count` orders, each an action and a trace of its own; one consumer span that handles all their messages; one follow-up for each. */
function batch(count: number, said: Said): SentSpan[] {
  const spans: SentSpan[] = [];
  const trace = (n: number) => hex(n + 1, 32);
  const send = (n: number) => hex(1000 + n, 16);
  for (let n = 0; n < count; n++) {
    spans.push({
      service: 'shop',
      span: {
        traceId: trace(n),
        spanId: hex(5000 + n, 16),
        name: 'place-order',
        kind: 2,
        startTimeUnixNano: at(n),
        endTimeUnixNano: at(n + 1),
        attributes: [text('upshot.correlation_id', `order_${n}`)],
      },
    });
    spans.push({
      service: 'shop',
      span: {
        traceId: trace(n),
        spanId: send(n),
        parentSpanId: hex(5000 + n, 16),
        name: 'send orders',
        kind: 4,
        startTimeUnixNano: at(n),
        endTimeUnixNano: at(n + 1),
        attributes: [
          ...about('orders', 'send'),
          text('messaging.kafka.message.key', `key_${n}`),
          text('messaging.message.conversation_id', `order_${n}`),
        ],
      },
    });
  }
  spans.push({
    service: 'packer',
    span: {
      traceId: hex(900_000, 32),
      spanId: hex(900_001, 16),
      name: 'process orders',
      kind: 5,
      startTimeUnixNano: at(1000),
      endTimeUnixNano: at(1100),
      attributes: [...about('orders', 'process'), text('messaging.batch.message_count', String(count))],
      links: Array.from({ length: count }, (_, n) => ({
        traceId: trace(n),
        spanId: send(n),
        attributes: [
          text('messaging.kafka.message.key', `key_${n}`),
          text('messaging.kafka.offset', String(n)),
          text('messaging.destination.partition.id', '0'),
        ],
      })),
    },
  });
  for (let n = 0; n < count; n++) {
    const own =
      said === 'correlation'
        ? [text('messaging.message.conversation_id', `order_${n}`)]
        : said === 'key'
          ? [text('messaging.kafka.message.key', `key_${n}`)]
          : [];
    spans.push({
      service: 'packer',
      span: {
        traceId: hex(900_000, 32),
        spanId: hex(950_000 + n, 16),
        parentSpanId: hex(900_001, 16),
        name: 'send shipments',
        kind: 4,
        startTimeUnixNano: at(1010 + n),
        endTimeUnixNano: at(1011 + n),
        attributes: [...about('shipments', 'send'), ...own],
      },
    });
  }
  return spans;
}

function about(destination: string, operation: string) {
  return [
    text('messaging.system', 'kafka'),
    text('messaging.destination.name', destination),
    text('messaging.operation.type', operation),
  ];
}

describe('a batch of messages from several workflows', () => {
  it('welds none of them together, whatever its follow-ups say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 60 }),
        fc.constantFrom<Said>('nothing', 'correlation', 'key'),
        fc.nat(),
        async (count, said, which) => {
          const store = await holding(batch(count, said));
          const one = which % count;
          const graph = (await workflow(store, `order_${one}`))!;
          expect(graph.key).toBe(`order_${one}`);
          expect(graph.correlationIds).toEqual([`order_${one}`]);
          expect(graph.events.filter(({ eventName }) => eventName === 'orders')).toHaveLength(1);
          expect(graph.deliveries.filter(({ consumer }) => consumer === 'packer')).toHaveLength(1);
          const followUps = graph.events.filter(({ eventName }) => eventName === 'shipments');
          const confidences = graph.causes
            .filter(({ to }) => followUps.some(({ id }) => id === to))
            .map(({ confidence }) => confidence);
          const kinds = graph.findings.map(({ kind }) => kind);
          if (said === 'nothing') {
            expect(followUps).toHaveLength(count);
            for (const confidence of confidences) expect(confidence).toBeCloseTo(1 / count, 3);
            expect(kinds).toContain('ambiguous-cause');
          } else {
            expect(followUps).toHaveLength(1);
            expect(confidences).toEqual([said === 'key' ? 0.9 : 1]);
            expect(kinds).not.toContain('ambiguous-cause');
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('holds at 500 messages', async () => {
    const store = await holding(batch(500, 'correlation'));
    const graph = (await workflow(store, 'order_123'))!;
    expect(graph.events.map(({ eventName }) => eventName).sort()).toEqual(['orders', 'shipments']);
    expect(graph.steps).toHaveLength(1);
  });

  it('draws no million of edges for thousands of messages with thousands of follow-ups', async () => {
    const store = await holding(batch(2000, 'nothing'));
    const graph = (await workflow(store, 'order_77'))!;
    expect(graph.events.filter(({ eventName }) => eventName === 'shipments')).toHaveLength(2000);
    expect(graph.events.filter(({ eventName }) => eventName === 'orders')).toHaveLength(1);
    expect(graph.correlationIds).toEqual(['order_77']);
    expect(graph.causes.length).toBeLessThan(2010);
    expect(graph.causes.filter(({ confidence }) => confidence === 0.0005)).toHaveLength(2000);
  });

  it('answers the trace of the batch with the part that its workflows share, and one step up to each cause', async () => {
    const store = await holding(batch(5, 'nothing'));
    const graph = (await workflow(store, hex(900_000, 32)))!;
    expect(graph.key).toBe(hex(900_000, 32));
    expect(graph.attempts).toHaveLength(5);
    expect(graph.deliveries).toHaveLength(5);
    expect(graph.events.filter(({ eventName }) => eventName === 'shipments')).toHaveLength(5);
    expect(graph.events.filter(({ eventName }) => eventName === 'orders')).toHaveLength(5);
    expect(graph.steps).toHaveLength(0);
  });
});
