import type { WorkflowGraph } from '@upshot/model';
import { type RunningServer, startServer } from '@upshot/server';
import { CONVENTIONS, type Fault, Shop, type ShopOptions, type TransportName } from '../src/index.js';

/** Upshot in this process, and the shop in its own. */
export interface Running {
  readonly server: RunningServer;
  readonly shop: Shop;
  /** null where nothing is known of the order. */
  graph(order: string): Promise<WorkflowGraph | null>;
  /** What `upshot show` prints of an order, in one line. */
  show(order: string): Promise<string>;
  /** The order's graph once it is as it must be; what `upshot show` prints of it in the error where it does not become so. */
  until(order: string, isThere: (graph: WorkflowGraph) => boolean, withinMs?: number): Promise<WorkflowGraph>;
  close(): Promise<void>;
}

export async function run(
  faults: readonly Fault[],
  options: Partial<ShopOptions> & { readonly transport?: TransportName } = {},
): Promise<Running> {
  const server = await startServer({
    store: { kind: 'memory' },
    port: 0,
    otlpHttpPort: 0,
    otlpGrpcPort: 0,
    conventions: CONVENTIONS,
  });
  const shop = await Shop.start({ endpoint: server.otlpHttpUrl, faults, ...options }).catch(async (error) => {
    await server.close();
    throw error;
  });
  const ask = (order: string, query = '') => fetch(`${server.uiUrl}/api/workflows/${order}${query}`);
  const graph = async (order: string) => {
    const answer = await ask(order);
    if (answer.ok) return (await answer.json()) as WorkflowGraph;
    await answer.arrayBuffer();
    return null;
  };
  return {
    server,
    shop,
    graph,
    show: async (order) => (await (await ask(order, '?format=text')).text()).replace(/[\s│┃]+/g, ' '),
    async until(order, isThere, withinMs = 60_000) {
      const deadline = Date.now() + withinMs;
      for (;;) {
        const last = await graph(order);
        if (last !== null && isThere(last)) return last;
        if (Date.now() > deadline)
          throw new Error(
            `${order} did not become what it must be\n${await (await ask(order, '?format=text')).text()}`,
          );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async close() {
      await shop.close();
      await server.close();
    },
  };
}

/** Statuses of the deliveries to a consumer. */
export function statuses(graph: WorkflowGraph | null, consumer: string): string[] {
  return (graph?.deliveries ?? []).filter((one) => one.consumer === consumer).map(({ status }) => status);
}
