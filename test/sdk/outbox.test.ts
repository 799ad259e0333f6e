import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WorkflowGraph } from '@upshot/model';
import { instrumentFetch, receive } from '@upshot/sdk-http';
import { startUpshot } from '@upshot/sdk-node';
import { Outbox } from '@upshot/sdk-pg-outbox';
import { startServer } from '@upshot/server';
import pg from 'pg';
import { expect, it } from 'vitest';
import { describeBroker } from '../brokers/describeBroker.js';

describeBroker('an outbox whose relay sends over HTTP', 'postgres', (broker) => {
  it('is one graph: the action, its row, the tries of the relay, the event, who took it', async () => {
    const server = await startServer({
      store: { kind: 'memory' },
      port: 0,
      otlpHttpPort: 0,
      otlpGrpcPort: 0,
    });
    const [shop, relay, warehouse] = await Promise.all(
      ['shop', 'relay', 'warehouse'].map((service) =>
        startUpshot({ service, endpoint: server.otlpHttpUrl, register: service === 'shop' }),
      ),
    );
    const pool = new pg.Pool({ connectionString: broker().url });
    // The server may go before the last connection has said goodbye.
    pool.on('error', () => {});
    const hook = createServer(
      receive((_: IncomingMessage, response: ServerResponse) => response.end(), {
        upshot: warehouse!,
        step: 'pick-order',
      }),
    );
    try {
      await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
      const destination = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hooks/orders`;
      const inShop = new Outbox({ upshot: shop! });
      await pool.query(inShop.schema);
      await shop!.workflow(
        'order_441',
        () =>
          inShop.transaction(pool, (client) =>
            inShop.add(client, { event: 'order.placed', destination, payload: { order: 441 } }),
          ),
        { name: 'place-order' },
      );
      await shop!.flush();

      const post = instrumentFetch(fetch, { upshot: relay! });
      let isAway = true;
      const rows = new Outbox({ upshot: relay! }).relay(pool, {
        step: 'send-on',
        backOffMs: () => 0,
        send: async (row) => {
          if (isAway) throw new Error('the network is away');
          const { ok } = await post(row.destination!, { method: 'POST', body: JSON.stringify(row.payload) });
          expect(ok).toBe(true);
        },
      });
      await rows.runOnce();
      isAway = false;
      await rows.runOnce();
      await Promise.all([relay!.flush(), warehouse!.flush()]);

      const answer = await fetch(`${server.uiUrl}/api/workflows/order_441`);
      const graph = (await answer.json()) as WorkflowGraph;
      const named = graph.events.map(
        ({ eventName, producer, destination: at }) => `${eventName} by ${producer} at ${at}`,
      );
      expect(named.sort()).toEqual(['order.placed by relay at orders', 'order.placed by shop at outbox']);
      expect(new Set(graph.events.map(({ eventId }) => eventId)).size, 'it is one event').toBe(1);
      const taken = graph.deliveries.map(({ consumer, status }) => `${consumer}: ${status}`);
      expect(taken.sort()).toEqual(['outbox-relay: recovered', 'warehouse: succeeded']);
      // From the action to who took it there is one way, by declared context alone.
      const to = new Map(
        graph.causes.flatMap((cause) => (cause.kind === 'retried' ? [] : [[cause.to, cause]])),
      );
      const last = graph.attempts.find(({ step }) => step === 'pick-order')!;
      const way: string[] = [];
      for (let at: string | undefined = last.id; at !== undefined; at = to.get(at)?.from)
        way.unshift(
          graph.steps.find(({ id }) => id === at)?.step ??
            graph.attempts.find(({ id }) => id === at)?.step ??
            graph.events.find(({ id }) => id === at)?.eventName ??
            '·',
        );
      expect(way).toEqual([
        ...['place-order', 'order.placed', '·', 'send-on'],
        ...['order.placed', '·', 'pick-order'],
      ]);
      for (const { confidence } of graph.causes) expect(confidence).toBe(1);
      expect(graph.findings.map(({ kind }) => kind)).toEqual(['recovered']);
    } finally {
      hook.close();
      hook.closeAllConnections();
      await pool.end();
      await Promise.all([shop, relay, warehouse].map((one) => one!.shutdown()));
      await server.close();
    }
  });
});
