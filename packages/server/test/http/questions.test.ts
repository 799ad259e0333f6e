import {
  EventAnswer as EventAnswerSchema,
  type StoredSpans,
  StoredSpans as StoredSpansSchema,
  WorkflowGraph as WorkflowGraphSchema,
  type WorkflowList,
  WorkflowList as WorkflowListSchema,
} from '@upshot/api-contract';
import type { EventAnswer, WorkflowGraph } from '@upshot/model';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { order, spanIdOf, traceIdOf } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let server: TestServer;

beforeAll(async () => {
  server = await testServer();
  for (let number = 1; number <= 12; number++) {
    const failure = number % 4 === 0 ? 'HTTP 503' : undefined;
    expect((await server.send(order(number, number * 1000, failure))).status).toBe(200);
  }
});

afterAll(() => server.close());

/** What a schema does not say would be found here as well: answers hold what is documented, and nothing else. */
function expectToFit(schema: TSchema, value: unknown): void {
  expect([...Value.Errors(schema, value)]).toEqual([]);
  expect(Value.Clean(schema, structuredClone(value))).toEqual(value);
}

describe('GET /api/workflows/{key}', () => {
  it.each([
    ['the correlation ID', 'order_4'],
    ['the trace ID of its root', traceIdOf(40)],
    ['the trace ID in upper case', traceIdOf(40).toUpperCase()],
    ['the trace ID of a consumer', traceIdOf(42)],
    ['the event ID', 'evt_4'],
    ['the span ID of a consumer', spanIdOf(46)],
  ])('answers the whole workflow for %s', async (_what, key) => {
    const { status, headers, json } = await server.get<WorkflowGraph>(`/api/workflows/${key}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expectToFit(WorkflowGraphSchema, json);
    expect(json).toMatchObject({
      key: 'order_4',
      status: 'failed',
      correlationIds: ['order_4'],
      truncated: null,
    });
    expect(json.traceIds).toEqual([traceIdOf(40), traceIdOf(41), traceIdOf(42)]);
    expect(json.events.map((event) => event.eventName)).toEqual(['order.placed']);
    expect(json.deliveries.map((delivery) => delivery.consumer).sort()).toEqual(['billing', 'mail']);
  });

  it('answers the text that the terminal shows, without colours', async () => {
    const { status, headers, text } = await server.get('/api/workflows/order_4?format=text');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text).toMatch(/order_4 correlation ID .*failed/);
    expect(text).toContain('HTTP 503');
    expect(text).not.toContain('\u001b');
  });

  it('pages a graph by nodes', async () => {
    const first = await server.get<WorkflowGraph>('/api/workflows/order_4?limit=3');
    expect(first.json.truncated).toMatchObject({ shown: 3 });
    const { truncated } = first.json;
    const next = await server.get<WorkflowGraph>(
      `/api/workflows/order_4?limit=1000&cursor=${truncated!.nextCursor}`,
    );
    const nodes = ({ events, deliveries, attempts, steps }: WorkflowGraph) =>
      [events, deliveries, attempts, steps].flatMap((kind) => kind.map(({ id }) => id));
    const all = await server.get<WorkflowGraph>('/api/workflows/order_4');
    expect(new Set([...nodes(first.json), ...nodes(next.json)])).toEqual(new Set(nodes(all.json)));
  });

  it('answers 404 with the key, in the form of all errors', async () => {
    const { status, json } = await server.get('/api/workflows/order%2F404');
    expect(status).toBe(404);
    expect(json).toEqual({ error: { code: 'not-found', message: expect.stringContaining('"order/404"') } });
  });
});

describe('GET /api/workflows/{key}/spans and /api/spans/{traceId}/{spanId}', () => {
  it('shows the spans as they were stored, by start time', async () => {
    const { json } = await server.get<StoredSpans>('/api/workflows/order_4/spans');
    expectToFit(StoredSpansSchema, json);
    expect(json.nextCursor).toBeNull();
    expect(json.spans.map((span) => span.spanId)).toEqual([41, 42, 45, 46].map(spanIdOf));
    expect(json.spans[3]).toMatchObject({
      kind: 'consumer',
      status: { code: 'error', message: 'HTTP 503' },
      attributes: { 'messaging.destination.name': 'orders' },
      links: [{ traceId: traceIdOf(40), spanId: spanIdOf(42) }],
      resource: { attributes: { 'service.name': 'billing' } },
      scope: { name: 'sketch' },
    });
  });

  it('pages them', async () => {
    const spans: { spanId: string }[] = [];
    let cursor = '';
    do {
      const page = await server.get<StoredSpans>(`/api/workflows/order_4/spans?limit=3&cursor=${cursor}`);
      spans.push(...page.json.spans);
      cursor = page.json.nextCursor ?? '';
    } while (cursor !== '');
    expect(spans.map(({ spanId }) => spanId)).toEqual([41, 42, 45, 46].map(spanIdOf));
  });

  it('shows one span, whichever the case of its IDs', async () => {
    const path = `/api/spans/${traceIdOf(40)}/${spanIdOf(41)}`;
    const { json } = await server.get<StoredSpans>(path);
    expectToFit(StoredSpansSchema, json);
    expect(json.spans).toHaveLength(1);
    expect(json.spans[0]).toMatchObject({ name: 'POST /orders', parentSpanId: null });
    expect((await server.get(path.toUpperCase().replace('/API/SPANS', '/api/spans'))).json).toEqual(json);
    expect((await server.get(`/api/spans/${traceIdOf(40)}/${spanIdOf(45)}`)).status).toBe(404);
  });
});

describe('GET /api/events/{eventId}', () => {
  it('shows an event between its causes and its effects', async () => {
    const { status, json } = await server.get<EventAnswer>('/api/events/evt_4');
    expect(status).toBe(200);
    expectToFit(EventAnswerSchema, json);
    expect(json.event).toMatchObject({ eventId: 'evt_4', producer: 'checkout' });
    expect(json.causes.map((node) => node.type)).toEqual(['step']);
    expect(json.effects.filter((node) => node.type === 'attempt')).toHaveLength(2);
    expect((await server.get('/api/events/evt_404')).status).toBe(404);
  });
});

describe('GET /api/workflows', () => {
  const keys = (json: WorkflowList) => json.workflows.map(({ key }) => key);
  const orders = (...numbers: number[]) => numbers.map((number) => `order_${number}`);

  it('lists workflows, newest first', async () => {
    const { json } = await server.get<WorkflowList>('/api/workflows?limit=3');
    expectToFit(WorkflowListSchema, json);
    expect(keys(json)).toEqual(orders(12, 11, 10));
    expect(json.workflows[0]).toMatchObject({
      status: 'failed',
      rootName: 'POST /orders',
      rootService: 'checkout',
    });
    const next = await server.get<WorkflowList>(`/api/workflows?limit=100&cursor=${json.nextCursor}`);
    expect(keys(next.json)).toEqual(orders(9, 8, 7, 6, 5, 4, 3, 2, 1));
    expect(next.json.nextCursor).toBeNull();
  });

  it.each([
    ['status=failed', orders(12, 8, 4)],
    ['status=failed,completed&limit=2', orders(12, 11)],
    ['status=stuck', []],
    ['event=order.placed&limit=1', orders(12)],
    ['event=order', []],
    ['consumer=billing&limit=2', orders(12, 11)],
    ['consumer=nobody', []],
    ['service=checkout&limit=1', orders(12)],
    ['environment=test&limit=1', orders(12)],
    ['environment=production', []],
    ['attr=order.channel:shop&limit=3', orders(11, 9, 7)],
    ['attr=order.channel:shop&attr=service.name:mail&limit=1', orders(11)],
    ['attr=order.channel:mall', []],
    ['q=http%20503', orders(12, 8, 4)],
    ['q=POST%20/ord&limit=1', orders(12)],
    ['q=order_7', orders(7)],
    ['q=evt_7', orders(7)],
    [`q=${traceIdOf(72).toUpperCase()}`, orders(7)],
    [`q=${spanIdOf(76)}`, orders(7)],
    ['q=nothing-like-it', []],
  ])('filters by %s', async (query, expected) => {
    const { status, json } = await server.get<WorkflowList>(`/api/workflows?${query}`);
    expect(status).toBe(200);
    expect(keys(json)).toEqual(expected);
  });

  it('shows what an ID names first, and then what has it as a part of a name', async () => {
    const first = await server.get<WorkflowList>('/api/workflows?q=order_1');
    expect(keys(first.json)).toEqual(['order_1']);
    const rest = await server.get<WorkflowList>(`/api/workflows?q=order_1&cursor=${first.json.nextCursor}`);
    expect(keys(rest.json)).toEqual(orders(12, 11, 10));
    expect(rest.json.nextCursor).toBeNull();
  });

  it('takes a range of time', async () => {
    const { json: all } = await server.get<WorkflowList>('/api/workflows');
    const start = (number: number) =>
      all.workflows.find((row) => row.key === `order_${number}`)!.startTimeUnixNano;
    const { json } = await server.get<WorkflowList>(`/api/workflows?since=${start(3)}&until=${start(6)}`);
    expect(keys(json)).toEqual(orders(5, 4, 3));
    expect(keys((await server.get<WorkflowList>('/api/workflows?since=1m')).json)).toEqual([]);
    expect(keys((await server.get<WorkflowList>('/api/workflows?until=2h')).json)).toEqual([]);
    expect(keys((await server.get<WorkflowList>('/api/workflows?since=2h')).json)).toHaveLength(12);
  });
});

describe('wrong parameters', () => {
  it.each([
    ['/api/workflows?limit=0', /limit must be an integer from 1 to 1000/],
    ['/api/workflows?status=broken', /status must be one of completed, in-progress, retrying, stuck, failed/],
    ['/api/workflows?since=yesterday', /since must be Unix nanoseconds, ISO 8601/],
    ['/api/workflows?since=1m&until=2m', /since must lie before until/],
    ['/api/workflows?cursor=bm9uZQ', /cursor must be the nextCursor/],
    ['/api/workflows?attr=a', /attr must be of the form KEY:VALUE/],
    ['/api/workflows?nonsense=1', /there is no parameter "nonsense": known are status, event/],
    ['/api/workflows/order_1?format=xml', /format must be one of json, text/],
    ['/api/workflows/order_1?limit=100001', /limit must be an integer from 1 to 100000/],
    ['/api/workflows/order_1?cursor=nonsense', /cursor/],
    ['/api/workflows/order_1/spans?cursor=nonsense', /cursor must be the nextCursor/],
    ['/api/workflows/%E0%A4%A', /not a valid url/],
  ])('%s is 400, and says what would be right', async (path, message) => {
    const { status, json } = await server.get(path);
    expect(json).toEqual({ error: { code: 'bad-request', message: expect.stringMatching(message) } });
    expect(status).toBe(400);
  });
});
