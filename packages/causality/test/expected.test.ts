import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { askWorkflow } from '@upshot/causality';
import { parseConventions } from '@upshot/conventions';
import type { WorkflowGraph } from '@upshot/model';
import { decodeExport, decodeRecords } from '@upshot/receiver';
import { openMemoryStore } from '@upshot/storage-memory';
import { describe, expect, it } from 'vitest';
import { drive } from './support/ask.js';

const CASES = resolve(import.meta.dirname, '../../../cases');
const LATER = 1_800_000_000_000_000_000n;

function inputOf(name: string): Buffer {
  return readFileSync(resolve(CASES, name, 'input.otlp.json'));
}

async function askedOf(otlp: Buffer, key: string, expectedConsumers: object): Promise<WorkflowGraph> {
  const store = openMemoryStore();
  await store.write({ spans: [decodeExport(otlp, 'json').spans], records: [] });
  const conventions = parseConventions({ traceConventions: { expectedConsumers } }).rules;
  return (await drive(store, askWorkflow(key, { nowUnixNano: LATER, conventions })))!;
}

const kinds = ({ findings }: WorkflowGraph) => findings.map(({ kind }) => kind);

/** One event that its producer sends to two queues under one ID, each with a consumer of its own. */
const TWO_PLACES = ((): Buffer => {
  const attributes = (values: Record<string, string>) =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const message = (queue: string) =>
    attributes({
      'messaging.system': 'rabbitmq',
      'messaging.destination.name': queue,
      'messaging.message.id': 'e1',
      'messaging.message.conversation_id': 'o1',
      'upshot.event': 'order.placed',
    });
  const span = (service: string, digit: string, parent: string, kind: number, queue: string) => ({
    resource: { attributes: attributes({ 'service.name': service }) },
    scopeSpans: [
      {
        spans: [
          {
            traceId: 'a'.repeat(32),
            spanId: digit.repeat(16),
            parentSpanId: parent.repeat(16),
            name: `${queue} work`,
            kind,
            startTimeUnixNano: `179000000${digit}000000000`,
            endTimeUnixNano: `179000000${digit}500000000`,
            attributes: queue === '' ? [] : message(queue),
          },
        ],
      },
    ],
  });
  const resourceSpans = [
    span('checkout', '1', '', 2, ''),
    span('checkout', '2', '1', 4, 'to-warehouse'),
    span('checkout', '3', '1', 4, 'to-mail'),
    span('warehouse', '4', '2', 5, 'to-warehouse'),
    span('mail', '5', '3', 5, 'to-mail'),
  ];
  return Buffer.from(JSON.stringify({ resourceSpans }));
})();

describe('expected consumers', () => {
  it('have received an event that was sent to several places when they received it at one of them', async () => {
    const seen = await askedOf(TWO_PLACES, 'o1', {});
    expect(seen.events).toHaveLength(2);
    const met = await askedOf(TWO_PLACES, 'o1', { 'order.placed': ['warehouse', 'mail'] });
    expect([met.expectations, met.status, kinds(met)]).toEqual(['declared', 'completed', kinds(seen)]);
    const lacking = await askedOf(TWO_PLACES, 'o1', { 'order.placed': ['warehouse', 'nobody'] });
    expect(lacking.deliveries.filter(({ status }) => status === 'missing')).toMatchObject([
      { consumer: 'nobody' },
    ]);
  });

  it('have received an event that came to them by a replay', async () => {
    const name = 'replayed-from-the-dead-letter-queue';
    const key = keyOfCase(name);
    const seen = await askedOf(inputOf(name), key, {});
    const replay = seen.events.find(({ kind }) => kind === 'replay')!;
    const byReplay = seen.deliveries.find(({ event }) => event === replay.id)!;
    const graph = await askedOf(inputOf(name), key, { [replay.eventName]: byReplay.consumer });
    expect(kinds(graph)).toEqual(kinds(seen));
  });

  it('are not asked of an event that only its consumers tell of', async () => {
    const name = 'a-fan-out-that-lost-its-context';
    const graph = await askedOf(inputOf(name), keyOfCase(name), { '*': 'nobody' });
    const unseen = new Set(graph.events.filter(({ spanId }) => spanId === null).map(({ id }) => id));
    for (const { event, status } of graph.deliveries)
      if (unseen.has(event)) expect(status).not.toBe('missing');
  });

  it('wait, are missing, and are met, as the clock and the telemetry go', async () => {
    const start = 1_790_000_000_000_000_000n;
    const conventions = parseConventions({
      traceConventions: { expectedConsumers: { 'order.*': { consumer: 'mail', within: '10s' } } },
    }).rules;
    const store = openMemoryStore();
    const write = async (record: object, afterNano: bigint) => {
      const times = { startTimeUnixNano: `${start + afterNano}`, endTimeUnixNano: `${start + afterNano}` };
      const body = { eventId: 'e1', eventName: 'order.placed', correlationId: 'o1', ...times, ...record };
      const { accepted } = decodeRecords(Buffer.from(JSON.stringify(body)), 'json', start);
      await store.write({ spans: [], records: accepted });
    };
    const at = async (seconds: bigint) => {
      const nowUnixNano = start + seconds * 1_000_000_000n;
      const graph = (await drive(store, askWorkflow('o1', { nowUnixNano, conventions })))!;
      return `${graph.status} ${graph.deliveries.map(({ status }) => status)} ${kinds(graph)}`;
    };
    await write({ producer: 'checkout' }, 0n);
    expect(await at(10n)).toBe('in-progress waiting ');
    expect(await at(11n)).toBe('stuck missing missing-delivery');
    await write({ consumerName: 'mail', phase: 'failed' }, 20_000_000_000n);
    expect(await at(30n)).toBe('retrying retrying ');
    await write({ consumerName: 'mail' }, 40_000_000_000n);
    expect(await at(50n)).toBe('completed recovered recovered');
  });
});

function keyOfCase(name: string): string {
  const expected = JSON.parse(readFileSync(resolve(CASES, name, 'expected.json'), 'utf8')) as {
    asks: { key: string }[];
  };
  return expected.asks[0]!.key;
}
