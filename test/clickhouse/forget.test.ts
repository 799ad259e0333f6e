import { type RunningServer, startServer } from '@upshot/server';
import { expect, it, onTestFinished } from 'vitest';
import { now, order } from '../../packages/cli/test/fixtures/orders.js';
import { describeClickHouse } from './rig/describeClickHouse.js';
import { sendOrders } from './rig/orders.js';

const HOUR = 3_600_000_000_000n;
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];

describeClickHouse('a workflow that is forgotten on one of several servers', 1, (cluster) => {
  /**
   *   server A   clock right          told to forget 3
   *   server B   an hour ahead   ← 1 … 8        ← a late span of 3
   */
  it('is gone from the answers of all, whatever their clocks say, and does not come back with what comes late', async () => {
    const url = cluster().url();
    const open = async (aheadNano: bigint): Promise<RunningServer> => {
      const server = await startServer({
        store: { kind: 'clickhouse', url },
        port: 0,
        otlpHttpPort: 0,
        otlpGrpcPort: 0,
        clock: () => now() + aheadNano,
        askLimits: { timeoutMs: 120_000 },
      });
      onTestFinished(() => server.close());
      return server;
    };
    const servers = [await open(0n), await open(HOUR)] as const;
    const [a, b] = servers;
    expect(await sendOrders({ otlpHttp: b.otlpHttpUrl }, NUMBERS)).toBe(true);
    for (const server of servers) {
      await expect.poll(() => keysOf(server), { timeout: 60_000 }).toHaveLength(NUMBERS.length);
      await expect.poll(() => deliveriesOf(server), { timeout: 60_000 }).toBe(NUMBERS.length);
    }
    const forgotten = await fetch(`${a.uiUrl}/api/workflows/order_3`, { method: 'DELETE' });
    expect(await forgotten.json()).toMatchObject({ key: 'order_3', spans: 3 });
    for (const server of servers) {
      expect((await fetch(`${server.uiUrl}/api/workflows/order_3`)).status).toBe(404);
      expect(await keysOf(server)).not.toContain('order_3');
      expect(await deliveriesOf(server)).toBe(NUMBERS.length - 1);
    }

    // The server that took it may hold its rows still. What comes late stands alone.
    const [checkout] = order(3).resourceSpans as [{ scopeSpans: [{ spans: Record<string, unknown>[] }] }];
    const [root] = checkout.scopeSpans[0].spans;
    checkout.scopeSpans[0].spans = [{ ...root, spanId: 'c'.repeat(16), name: 'late-step', kind: 1 }];
    const late = await fetch(`${b.otlpHttpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [checkout] }),
    });
    expect(late.status).toBe(200);
    for (const server of servers) {
      await expect.poll(() => keysOf(server), { timeout: 60_000 }).toContain(root!.traceId);
      expect(await keysOf(server)).not.toContain('order_3');
      expect(await deliveriesOf(server)).toBe(NUMBERS.length - 1);
    }
  }, 240_000);
});

async function keysOf({ uiUrl }: RunningServer): Promise<string[]> {
  const response = await fetch(`${uiUrl}/api/workflows?limit=100`);
  const { workflows } = (await response.json()) as { workflows: { key: string }[] };
  return workflows.map(({ key }) => key);
}

/** How many deliveries of the one event the topology counts. */
async function deliveriesOf({ uiUrl }: RunningServer): Promise<number> {
  const response = await fetch(`${uiUrl}/api/topology?since=1d`);
  const { events } = (await response.json()) as { events: { consumers: { deliveries: number }[] }[] };
  return events.flatMap(({ consumers }) => consumers).reduce((sum, { deliveries }) => sum + deliveries, 0);
}
