import type { WorkflowList } from '@upshot/api-contract';
import type { WorkflowGraph } from '@upshot/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nanosAt } from '../fixtures/telemetry.js';
import { type TestServer, testServer } from '../fixtures/testServer.js';

let server: TestServer;

/** A workflow that nothing but event records tells of: one publish, one consumer, no trace. */
function records(number: number, failed: boolean): unknown[] {
  const event = { eventId: `rec_${number}`, eventName: 'invoice.sent', correlationId: `invoice_${number}` };
  const at = (ms: number) => `${nanosAt(number * 1000 + ms)}`;
  return [
    { ...event, producer: 'billing', startTimeUnixNano: at(0), tenant: number % 2 === 0 ? 'even' : 'odd' },
    {
      ...event,
      consumerName: 'archive',
      phase: failed ? 'failed' : 'succeeded',
      attempt: 1,
      startTimeUnixNano: at(10),
      endTimeUnixNano: at(20),
      ...(failed ? { error: { type: 'DiskFull', message: 'no space left' } } : {}),
    },
  ];
}

beforeAll(async () => {
  server = await testServer();
  for (let number = 1; number <= 6; number++) {
    const response = await fetch(`${server.otlpHttpUrl}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(records(number, number === 5)),
    });
    expect(await response.json()).toEqual({ accepted: 2, rejected: [] });
  }
});

afterAll(() => server.close());

describe('workflows of event records alone', () => {
  const keys = async (query: string) => {
    const { json } = await server.get<WorkflowList>(`/api/workflows?${query}`);
    return json.workflows.map(({ key }) => key);
  };
  const invoices = (...numbers: number[]) => numbers.map((number) => `invoice_${number}`);

  it('are answered by correlation ID and by event ID', async () => {
    for (const key of ['invoice_5', 'rec_5']) {
      const { json } = await server.get<WorkflowGraph>(`/api/workflows/${key}`);
      expect(json).toMatchObject({ key: 'invoice_5', status: 'failed' });
      expect(json.attempts).toMatchObject([{ outcome: 'failed', error: { type: 'DiskFull' } }]);
    }
    expect((await server.get('/api/events/rec_5')).status).toBe(200);
  });

  it.each([
    ['', invoices(6, 5, 4, 3, 2, 1)],
    ['status=failed', invoices(5)],
    ['attr=tenant:odd', invoices(5, 3, 1)],
    ['attr=tenant:none', []],
    ['q=rec_2', invoices(2)],
    ['q=no%20space', invoices(5)],
    ['consumer=archive&limit=1', invoices(6)],
    ['environment=', invoices(6, 5, 4, 3, 2, 1)],
  ])('are listed and filtered: %j', async (query, expected) => {
    expect(await keys(query)).toEqual(expected);
  });

  it('are paged', async () => {
    const first = await server.get<WorkflowList>('/api/workflows?limit=4');
    expect(first.json.workflows.map(({ key }) => key)).toEqual(invoices(6, 5, 4, 3));
    expect(await keys(`limit=4&cursor=${first.json.nextCursor}`)).toEqual(invoices(2, 1));
  });
});
