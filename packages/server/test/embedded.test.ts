import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowList } from '@upshot/api-contract';
import { afterAll, describe, expect, it } from 'vitest';
import { BASE_MS, order } from './fixtures/telemetry.js';
import { type TestServer, testServer } from './fixtures/testServer.js';

const directory = mkdtempSync(join(tmpdir(), 'upshot-server-'));
const embedded = { store: { kind: 'embedded', directory: join(directory, 'data') } } as const;

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const keysOf = async (server: TestServer, query = ''): Promise<string[]> =>
  (await server.get<WorkflowList>(`/api/workflows?${query}`)).json.workflows.map(({ key }) => key);

describe('a server on the embedded store', () => {
  it('reads what it has just acknowledged, and has it after a restart', async () => {
    const first = await testServer(embedded);
    for (let number = 1; number <= 5; number++) {
      expect(
        (await first.send(order(number, number * 1000, number === 3 ? 'HTTP 503' : undefined))).status,
      ).toBe(200);
      expect((await first.get(`/api/workflows/order_${number}`)).json).toMatchObject({
        key: `order_${number}`,
        status: number === 3 ? 'failed' : 'completed',
      });
      expect((await first.get(`/api/events/evt_${number}`)).status).toBe(200);
    }
    expect(await keysOf(first)).toEqual([5, 4, 3, 2, 1].map((number) => `order_${number}`));
    expect(await keysOf(first, 'status=failed')).toEqual(['order_3']);
    expect(await keysOf(first, 'q=evt_2')).toEqual(['order_2']);
    await first.close();

    const second = await testServer(embedded);
    expect(await keysOf(second)).toHaveLength(5);
    expect((await second.get('/api/workflows/order_4?format=text')).text).toContain('order_4');
    await second.close();
  });

  it('refuses and forgets what is older than the retention', async () => {
    const hour = 3_600_000_000_000n;
    const server = await testServer({ ...embedded, retentionNano: 2n * hour });
    const late = await server.send([...order(6, 0), ...order(7, -3 * 3_600_000)]);
    expect(late.status).toBe(200);
    expect(late.json).toMatchObject({
      partialSuccess: { rejectedSpans: '4', errorMessage: expect.stringMatching(/retention/) },
    });
    expect((await server.get('/api/workflows/order_6')).status).toBe(200);
    expect((await server.get('/api/workflows/order_7')).status).toBe(404);
    await server.close();

    // Whole days are dropped: two days on, by a clock that is injected, nothing of today is left.
    const later = await testServer({
      ...embedded,
      retentionNano: 2n * hour,
      clock: () => BigInt(BASE_MS) * 1_000_000n + 50n * hour,
    });
    const deadline = performance.now() + 30_000;
    let keys = await keysOf(later);
    while (keys.length > 0 && performance.now() < deadline) keys = await keysOf(later);
    expect(keys).toEqual([]);
    await later.close();
  });
});
