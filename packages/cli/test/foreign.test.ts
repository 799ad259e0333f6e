import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowGraph } from '@upshot/model';
import { describe, expect, it } from 'vitest';
import { now } from './fixtures/orders.js';
import { type Served, serve, temporaryDirectory, upshot } from './fixtures/spawnUpshot.js';

const START = now() - 3_600_000_000_000n;
const micros = (afterMs: number) => Number(START / 1000n) + afterMs * 1000;

function file(content: unknown): string {
  const path = join(temporaryDirectory(), 'telemetry');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function graphOf({ ui }: Served, key: string): Promise<WorkflowGraph> {
  const response = await fetch(`${ui}/api/workflows/${encodeURIComponent(key)}`);
  expect(response.status).toBe(200);
  return (await response.json()) as WorkflowGraph;
}

/** What holds of one order however its spans were written. */
function expectTheOrder(graph: WorkflowGraph): void {
  expect(graph.status).toBe('failed');
  expect(graph.events.map(({ eventName, destination, system }) => [eventName, destination, system])).toEqual([
    ['orders', 'orders', 'kafka'],
  ]);
  expect(graph.deliveries.map(({ consumer, status }) => [consumer, status])).toEqual([['billing', 'failed']]);
  expect(graph.attempts.map(({ error, service }) => [service, error])).toEqual([
    ['billing', { type: 'Error', message: 'HTTP 503' }],
  ]);
  expect(graph.steps.map(({ step, service, spanKind }) => [step, service, spanKind])).toEqual([
    ['POST /orders', 'shop', 'server'],
  ]);
  expect(graph.causes.find(({ kind }) => kind === 'delivered')?.confidence).toBe(1);
  expect(graph.startTimeUnixNano).toBe(String((START / 1000n) * 1000n));
}

const TRACE = '5b8efff798038103d269b633813fc60c';
const SHORT = 'd269b633813fc60d';

const tag = (key: string, value: unknown, type = 'string') => ({ key, type, value });
const JAEGER = {
  data: [
    {
      traceID: TRACE,
      processes: {
        p1: { serviceName: 'shop', tags: [tag('host.name', 'h1')] },
        p2: { serviceName: 'billing', tags: [] },
      },
      spans: [
        {
          traceID: TRACE,
          spanID: '1',
          operationName: 'POST /orders',
          references: [],
          startTime: micros(0),
          duration: 30_000,
          tags: [tag('span.kind', 'server'), tag('http.request.method', 'POST'), tag('retries', 3, 'int64')],
          logs: [{ timestamp: micros(1), fields: [tag('event', 'checked'), tag('level', 'info')] }],
          processID: 'p1',
        },
        {
          traceID: TRACE,
          spanID: '0000000000000002',
          operationName: 'orders publish',
          references: [{ refType: 'CHILD_OF', traceID: TRACE, spanID: '1' }],
          startTime: micros(5),
          duration: 2000,
          tags: [
            tag('span.kind', 'producer'),
            tag('messaging.system', 'kafka'),
            tag('messaging.destination.name', 'orders'),
            tag('messaging.operation.type', 'send'),
          ],
          logs: [],
          processID: 'p1',
        },
      ],
    },
    {
      traceID: SHORT,
      processes: { p1: { serviceName: 'billing' } },
      spans: [
        {
          traceID: SHORT,
          spanID: '3',
          operationName: 'orders process',
          references: [{ refType: 'FOLLOWS_FROM', traceID: TRACE, spanID: '2' }],
          startTime: micros(20),
          duration: 5000,
          tags: [
            tag('span.kind', 'consumer'),
            tag('messaging.system', 'kafka'),
            tag('messaging.destination.name', 'orders'),
            tag('messaging.operation.type', 'process'),
            tag('messaging.consumer.group.name', 'billing'),
            tag('error', true, 'bool'),
            tag('otel.status_code', 'ERROR'),
            tag('otel.status_description', 'HTTP 503'),
          ],
          logs: [],
          processID: 'p1',
        },
      ],
    },
  ],
};

const ZIPKIN = [
  {
    traceId: TRACE,
    id: '0000000000000001',
    kind: 'SERVER',
    name: 'POST /orders',
    timestamp: micros(0),
    duration: 30_000,
    localEndpoint: { serviceName: 'shop', ipv4: '10.0.0.1' },
    remoteEndpoint: { serviceName: 'browser', ipv4: '10.0.0.9', port: 443 },
    tags: { 'http.request.method': 'POST', eventId: 'not a record' },
    annotations: [{ timestamp: micros(1), value: 'checked' }],
  },
  {
    traceId: TRACE,
    id: '0000000000000002',
    parentId: '0000000000000001',
    kind: 'PRODUCER',
    name: 'orders publish',
    timestamp: micros(5),
    duration: 2000,
    localEndpoint: { serviceName: 'shop' },
    tags: { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' },
  },
  {
    traceId: TRACE,
    id: '0000000000000003',
    parentId: '0000000000000002',
    kind: 'CONSUMER',
    name: 'orders process',
    timestamp: micros(20),
    duration: 5000,
    localEndpoint: { serviceName: 'billing' },
    tags: {
      'messaging.system': 'kafka',
      'messaging.destination.name': 'orders',
      'messaging.operation.type': 'process',
      'messaging.consumer.group.name': 'billing',
      'otel.status_code': 'ERROR',
      error: 'HTTP 503',
    },
  },
];

describe('upshot import of what others write', () => {
  it.each([
    ["an answer of Jaeger's query API", JAEGER],
    ["traces of Jaeger's, one on each line", JAEGER.data.map((one) => JSON.stringify(one)).join('\n')],
  ])('takes %s', async (_, content) => {
    const server = await serve(['--store', 'memory']);
    const { code, stdout, stderr } = await upshot(['import', file(content)], server.env);
    expect({ code, stderr, stdout }).toEqual({
      code: 0,
      stderr: '',
      stdout: '3 spans accepted, 0 refused, from 1 file\n',
    });
    expectTheOrder(await graphOf(server, TRACE));
    const { spans } = (await (await fetch(`${server.ui}/api/spans/${TRACE}/0000000000000001`)).json()) as {
      spans: { attributes: unknown; events: unknown; resource: { attributes: unknown } }[];
    };
    expect(spans[0]!.attributes).toEqual({ 'http.request.method': 'POST', retries: 3 });
    expect(spans[0]!.events).toMatchObject([{ name: 'checked', attributes: { level: 'info' } }]);
    expect(spans[0]!.resource.attributes).toEqual({ 'service.name': 'shop', 'host.name': 'h1' });
    expect((await graphOf(server, SHORT.padStart(32, '0'))).traceIds).toContain(TRACE);
  });

  it.each([
    ['a list of spans', ZIPKIN],
    ['a list of traces', [ZIPKIN]],
    ['spans one on each line', ZIPKIN.map((one) => JSON.stringify(one)).join('\n')],
  ])('takes Zipkin v2 JSON: %s', async (_, content) => {
    const server = await serve(['--store', 'memory']);
    const { code, stdout } = await upshot(['import', file(content)], server.env);
    expect([code, stdout]).toEqual([0, '3 spans accepted, 0 refused, from 1 file\n']);
    expectTheOrder(await graphOf(server, TRACE));
  });

  it('takes event records, CloudEvents and log records', async () => {
    const server = await serve(['--store', 'memory']);
    const records = `{"eventId":"evt_1","eventName":"order.placed","correlationId":"order_9"}\n{"eventId":"evt_1","eventName":"order.placed","consumerName":"ledger"}\n{"eventName":"x"}\n`;
    const cloudEvents = [
      { specversion: '1.0', id: 'ce-1', source: '/shop', type: 'order.paid', correlationid: 'order_9' },
    ];
    const logs = {
      resourceLogs: [
        {
          scopeLogs: [
            {
              logRecords: [
                {
                  timeUnixNano: String(now()),
                  body: { stringValue: 'seen' },
                  attributes: [{ key: 'eventId', value: { stringValue: 'evt_1' } }],
                },
              ],
            },
          ],
        },
      ],
    };
    const { code, stdout } = await upshot(
      ['import', file(records), file(cloudEvents), file(logs)],
      server.env,
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      '3 event records and 1 log record accepted, 1 refused, from 3 files\n  1 refused: eventId is missing\n',
    );
    const graph = await graphOf(server, 'order_9');
    expect(graph.events.map(({ eventName }) => eventName).sort()).toEqual(['order.paid', 'order.placed']);
    expect(graph.events.flatMap(({ logs: lines = [] }) => lines.map(({ text }) => text))).toEqual(['seen']);
  });

  it('says of any other JSON what it takes', async () => {
    const server = await serve(['--store', 'memory']);
    const { code, stdout } = await upshot(['import', file({ rows: [] })], server.env);
    expect(code).toBe(2);
    expect(stdout).toContain(
      "this is neither OTLP/JSON (which has resourceSpans or resourceLogs), nor Jaeger's",
    );
  });
});

describe('upshot export', () => {
  it('writes what leads to the same graph where it is imported, and changes nothing where it came from', async () => {
    const from = await serve(['--store', 'memory']);
    const record = { eventId: 'evt_5', eventName: 'order.checked', causationId: 'evt_4', traceId: TRACE };
    await upshot(['import', file(ZIPKIN), file([record])], from.env);
    const graph = await graphOf(from, TRACE);
    const path = join(temporaryDirectory(), 'order.json');
    expect((await upshot(['export', TRACE, '-o', path], from.env)).code).toBe(0);
    const to = await serve(['--store', 'memory']);
    for (const server of [to, from]) {
      const { code, stdout } = await upshot(['import', path], server.env);
      expect([code, stdout]).toEqual([0, '3 spans and 1 event record accepted, 0 refused, from 1 file\n']);
      expect(await graphOf(server, TRACE)).toEqual(graph);
    }
  });

  it('writes text, Markdown and Mermaid', async () => {
    const server = await serve(['--store', 'memory']);
    await upshot(['import', file(ZIPKIN)], server.env);
    const { stdout: text } = await upshot(['export', TRACE, '--format', 'text'], server.env);
    expect(text).toContain('◆ orders → orders (kafka)');
    const { stdout: mermaid } = await upshot(['export', TRACE, '--format', 'mermaid'], server.env);
    expect(mermaid.split('\n')[0]).toBe('flowchart LR');
    expect(mermaid).toContain('billing: failed');
    const { stdout: markdown } = await upshot(['export', TRACE, '--format', 'markdown'], server.env);
    expect(markdown).toContain(`# ${TRACE}`);
    expect(markdown).toContain(mermaid.trimEnd());
  });

  it('says where nothing is known, and where nothing can be written', async () => {
    const server = await serve(['--store', 'memory']);
    expect(await upshot(['export', 'nobody'], server.env)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'upshot: Nothing is known by nobody; `upshot find` searches for parts of names\n',
    });
    await upshot(['import', file(ZIPKIN)], server.env);
    const failed = await upshot(['export', TRACE, '-o', '/nowhere/order.json'], server.env);
    expect([failed.code, failed.stderr]).toEqual([
      2,
      "upshot: /nowhere/order.json can't be written (ENOENT)\n",
    ]);
  });
});
