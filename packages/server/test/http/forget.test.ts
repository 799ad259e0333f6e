import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Topology, WorkflowGraph } from '@upshot/model';
import { afterEach, describe, expect, it } from 'vitest';
import { nanosAt, type SpanSketch, spanIdOf, traceIdOf } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

const opened: TestServer[] = [];
const directories: string[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

async function open(options: Parameters<typeof testServer>[0] = {}): Promise<TestServer> {
  const server = await testServer(options);
  opened.push(server);
  return server;
}

const KAFKA = { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' };

/** A publish of each order, in a trace of its own. */
function publish(number: number): SpanSketch {
  return {
    trace: number,
    span: number * 10,
    name: 'orders publish',
    service: 'shop',
    kind: 4,
    startMs: number,
    attributes: {
      ...KAFKA,
      'messaging.operation.type': 'send',
      'messaging.message.id': `evt_${number}`,
      'messaging.message.conversation_id': `order_${number}`,
    },
  };
}

/** A poll of two orders: one span that belongs to both workflows; it can be told from links alone which messages it had. */
const BATCH = { trace: 90, span: 900 };
async function sendBatch(server: TestServer): Promise<void> {
  const link = (number: number) => ({
    traceId: traceIdOf(number),
    spanId: spanIdOf(number * 10),
    attributes: [{ key: 'messaging.message.id', value: { stringValue: `evt_${number}` } }],
  });
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const span = {
    traceId: traceIdOf(BATCH.trace),
    spanId: spanIdOf(BATCH.span),
    name: 'orders process',
    kind: 5,
    startTimeUnixNano: `${nanosAt(50)}`,
    endTimeUnixNano: `${nanosAt(60)}`,
    attributes: [
      ...Object.entries(KAFKA).map(([key, value]) => text(key, value)),
      text('messaging.operation.type', 'process'),
      text('messaging.consumer.group.name', 'billing'),
    ],
    links: [link(1), link(2)],
  };
  const resource = { attributes: [text('service.name', 'billing')] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${server.otlpHttpUrl}/v1/traces`, { method: 'POST', headers, body })).status).toBe(
    200,
  );
}

async function fill(server: TestServer): Promise<void> {
  await server.send([publish(1), publish(2)]);
  await sendBatch(server);
  const headers = { 'content-type': 'application/json' };
  const records = [1, 2].map((number) => ({
    eventId: `evt_${number}`,
    eventName: 'orders',
    correlationId: `order_${number}`,
    consumerName: 'ledger',
    startTimeUnixNano: `${nanosAt(70)}`,
  }));
  await fetch(`${server.otlpHttpUrl}/v1/events`, { method: 'POST', headers, body: JSON.stringify(records) });
  const logRecords = [1, 2].map((number) => ({
    timeUnixNano: `${nanosAt(55)}`,
    traceId: traceIdOf(BATCH.trace),
    spanId: spanIdOf(BATCH.span),
    body: { stringValue: `charged ${number}` },
    attributes: [{ key: 'eventId', value: { stringValue: `evt_${number}` } }],
  }));
  const logs = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
  await fetch(`${server.otlpHttpUrl}/v1/logs`, { method: 'POST', headers, body: JSON.stringify(logs) });
  await server.noted();
}

const forget = (server: TestServer, key: string) => server.get(`/api/workflows/${key}`, { method: 'DELETE' });

async function graphOf(server: TestServer, key: string): Promise<WorkflowGraph> {
  const { status, json } = await server.get<WorkflowGraph>(`/api/workflows/${key}`);
  expect(status).toBe(200);
  const graph = { ...json, findings: json.findings.map(({ alike: _, ...finding }) => finding) };
  // A span that stood for two attempts and now stands for one names its node otherwise.
  return JSON.parse(
    JSON.stringify(graph).replaceAll(/(attempt:[0-9a-f]{32}\/[0-9a-f]{16}\/5)(?::event:[^"]+)?"/g, '$1"'),
  );
}

async function expectForgotten(server: TestServer): Promise<void> {
  for (const key of ['order_1', 'evt_1', traceIdOf(1), spanIdOf(10)]) {
    expect((await server.get(`/api/workflows/${key}`)).status, key).toBe(404);
    expect((await server.get(`/api/workflows/${key}/logs`)).status, key).toBe(404);
  }
  expect((await server.get('/api/events/evt_1')).status).toBe(404);
  expect((await server.get(`/api/spans/${traceIdOf(1)}/${spanIdOf(10)}`)).status).toBe(404);
  const said = [];
  for (const path of [
    '/api/workflows',
    '/api/propagation',
    '/api/findings',
    '/api/findings/groups',
    '/api/topology',
  ])
    said.push((await server.get(path)).text);
  said.push((await server.get(`/api/spans/${traceIdOf(BATCH.trace)}/${spanIdOf(BATCH.span)}`)).text);
  expect(said.join('\n')).not.toMatch(new RegExp(`order_1|evt_1|charged 1|${traceIdOf(1)}|${spanIdOf(10)}`));
}

describe('DELETE /api/workflows/{key}', () => {
  it.each(['order_1', 'evt_1', traceIdOf(1)])('forgets a workflow by %s, and nothing else', async (key) => {
    const directory = mkdtempSync(join(tmpdir(), 'upshot-forget-'));
    directories.push(directory);
    for (const store of [{ kind: 'memory' } as const, { kind: 'embedded', directory } as const]) {
      const server = await open({ store });
      await fill(server);
      const other = await graphOf(server, 'order_2');
      expect(other.attempts.flatMap(({ logs = [] }) => logs.map(({ text }) => text))).toEqual(['charged 2']);
      const { status, json } = await forget(server, key);
      expect([status, json]).toEqual([200, { key: 'order_1', spans: 1, records: 1, logs: 1, shared: 1 }]);
      await expectForgotten(server);
      expect(await graphOf(server, 'order_2')).toEqual(other);
      await server.noted();
      await expectForgotten(server);
      const { json: topology } = await server.get<Topology>('/api/topology');
      const billing = topology.events
        .flatMap(({ consumers }) => consumers)
        .find(({ consumer }) => consumer === 'billing');
      expect(billing?.deliveries).toBe(1);
      expect((await forget(server, key)).status).toBe(404);
      if (store.kind === 'memory') continue;
      await server.close();
      opened.pop();
      const again = await open({ store });
      await again.noted();
      await expectForgotten(again);
      expect(await graphOf(again, 'order_2')).toEqual(other);
    }
  });

  it('wants one workflow named where a key belongs to several', async () => {
    const server = await open();
    await fill(server);
    const { status, json } = await forget(server, traceIdOf(BATCH.trace));
    expect([status, json]).toMatchObject([409, { error: { code: 'ambiguous' } }]);
    expect((await server.get('/api/workflows/order_1')).status).toBe(200);
  });

  it('forgets both of a batch, one after the other, and then the batch', async () => {
    const server = await open();
    await fill(server);
    for (const number of [1, 2]) expect((await forget(server, `order_${number}`)).status).toBe(200);
    expect((await server.get(`/api/spans/${traceIdOf(BATCH.trace)}/${spanIdOf(BATCH.span)}`)).status).toBe(
      404,
    );
  });
});
