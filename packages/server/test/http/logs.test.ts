import {
  StoredSpans as StoredSpansSchema,
  WorkflowGraph as WorkflowGraphSchema,
  type WorkflowList,
  type WorkflowLogs,
  WorkflowLogs as WorkflowLogsSchema,
} from '@upshot/api-contract';
import type { WorkflowGraph } from '@upshot/model';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanosAt, order, type SpanSketch, spanIdOf, traceIdOf } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let server: TestServer;

beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

interface LogSketch {
  readonly trace?: number;
  readonly span?: number;
  readonly atMs: number;
  readonly severity?: number;
  readonly text?: string;
  readonly eventName?: string;
  readonly attributes?: { readonly [key: string]: string };
}

async function sendLogs(service: string, logs: readonly LogSketch[]): Promise<void> {
  const attributesOf = (attributes: { readonly [key: string]: string }) =>
    Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const logRecords = logs.map((log) => ({
    timeUnixNano: `${nanosAt(log.atMs)}`,
    severityNumber: log.severity ?? 9,
    eventName: log.eventName,
    ...(log.text === undefined ? {} : { body: { stringValue: log.text } }),
    attributes: attributesOf(log.attributes ?? {}),
    ...(log.trace === undefined ? {} : { traceId: traceIdOf(log.trace) }),
    ...(log.span === undefined ? {} : { spanId: spanIdOf(log.span) }),
  }));
  const resource = { attributes: attributesOf({ 'service.name': service }) };
  const response = await fetch(`${server.otlpHttpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords }] }] }),
  });
  expect([response.status, await response.json()]).toEqual([200, {}]);
}

function expectToFit(schema: TSchema, value: unknown): void {
  expect([...Value.Errors(schema, value)]).toEqual([]);
}

/** The consumer that bills fails, and its span says no more than that. */
function failing(number: number, startMs: number): SpanSketch[] {
  return order(number, startMs, ' ').map((span) =>
    span.error === undefined ? span : { ...span, error: '' },
  );
}

describe('log records', () => {
  it('are in every answer that begins after they were acknowledged, at their nodes', async () => {
    await server.send(order(1, 1000));
    await sendLogs('billing', [
      { trace: 11, span: 14, atMs: 1006, severity: 13, text: 'card was slow' },
      { atMs: 1007, text: 'paid', attributes: { correlation_id: 'order_1' } },
    ]);
    const { json } = await server.get<WorkflowGraph>('/api/workflows/order_1');
    expectToFit(WorkflowGraphSchema, json);
    const lines = [...json.events, ...json.attempts, ...json.steps].flatMap(({ logs = [] }) => logs);
    expect(lines.map(({ text }) => text).sort()).toEqual(['card was slow', 'paid']);
    const { text } = await server.get('/api/workflows/order_1?format=text');
    expect(text).toContain('≡ warn');
    expect(text).toContain('card was slow');
  });

  it('are bounded at their node: the gravest, and how many more there are', async () => {
    await server.send(order(2, 2000));
    const lines = Array.from({ length: 70 }, (_, n) => ({
      trace: 21,
      span: 24,
      atMs: 2000 + n,
      severity: n === 3 ? 17 : 9,
      text: `line ${n}`,
    }));
    await sendLogs('billing', lines);
    const { json } = await server.get<WorkflowGraph>('/api/workflows/order_2');
    const node = [...json.attempts, ...json.steps, ...json.events].find(({ logs }) => logs !== undefined)!;
    expect(node.logs).toHaveLength(20);
    expect(node.logsOmitted).toBe(50);
    expect(node.logs![0]!.text).toBe('line 3');
    const all: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: WorkflowLogs = (
        await server.get<WorkflowLogs>(`/api/workflows/order_2/logs?limit=30${cursor && `&cursor=${cursor}`}`)
      ).json;
      expectToFit(WorkflowLogsSchema, page);
      all.push(...page.logs.map(({ body, node: at }) => `${body} ${at === node.id}`));
      cursor = page.nextCursor;
    }
    expect(all).toEqual(lines.map(({ text }) => `${text} true`));
  });

  it('stand with the span in which they were written', async () => {
    const spans = order(3, 3000);
    const { trace, span } = spans.at(-1)!;
    await server.send(spans);
    await sendLogs('billing', [{ trace, span, atMs: 3001, text: 'seen' }]);
    const { json } = await server.get<{ spans: { logs?: { body: unknown }[] }[] }>(
      `/api/spans/${traceIdOf(trace)}/${spanIdOf(span)}`,
    );
    expectToFit(StoredSpansSchema, json);
    expect(json.spans.map(({ logs = [] }) => logs.map(({ body }) => body))).toEqual([['seen']]);
  });

  it('are found by a key that leads to no workflow', async () => {
    await sendLogs('nightly', [{ atMs: 4000, text: 'swept', attributes: { event_id: 'evt_alone' } }]);
    const { json } = await server.get<WorkflowLogs>('/api/workflows/evt_alone/logs');
    expect(json.logs).toMatchObject([{ body: 'swept', node: null, placedBy: null, traceId: null }]);
    expect((await server.get('/api/workflows/evt_alone')).status).toBe(404);
    expect((await server.get('/api/workflows/evt_never/logs')).status).toBe(404);
  });

  it.each([
    ['before', 5],
    ['after', 6],
  ])('of an exception that come %s the spans reach the list', async (when, number) => {
    const spans = failing(number, number * 1000);
    const failed = spans.find(({ error }) => error !== undefined)!;
    const exception = {
      trace: failed.trace,
      span: failed.span,
      atMs: number * 1000 + 5,
      severity: 17,
      eventName: 'messaging.process.exception',
      attributes: { 'exception.type': 'UpstreamError', 'exception.message': `away ${number}` },
    };
    if (when === 'before') {
      await sendLogs(failed.service, [exception]);
      await server.noted();
      await server.send(spans);
    } else {
      await server.send(spans);
      await server.noted();
      await sendLogs(failed.service, [exception]);
    }
    await server.noted();
    const { json } = await server.get<WorkflowList>(
      `/api/workflows?q=${encodeURIComponent(`away ${number}`)}`,
    );
    expect(json.workflows.map(({ key }) => key)).toEqual([`order_${number}`]);
    const graph = (await server.get<WorkflowGraph>(`/api/workflows/order_${number}`)).json;
    expect(graph.attempts.flatMap(({ error }) => error ?? [])).toContainEqual({
      type: 'UpstreamError',
      message: `away ${number}`,
    });
  });

  it('are counted for Prometheus', async () => {
    const { text } = await server.get('/metrics');
    expect(text).toMatch(/^upshot_logs_accepted_total [1-9]/m);
    expect(text).toMatch(/^upshot_store_logs [1-9]/m);
  });
});
