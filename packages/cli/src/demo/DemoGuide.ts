import type { Seen, Shop } from '@upshot/example-shop';
import type { WorkflowGraph } from '@upshot/model';
import type { RunningServer } from '@upshot/server';
import { renderWorkflow } from '@upshot/text';
import { ApiClient } from '../ask/ApiClient.js';
import type { Terminal } from '../terminal/Terminal.js';

/** Orders of one run of the story have numbers of one such block: 1001 … 1008, then 1101 … */
const BLOCK = 100;
const FIRST = 1000;
/** Where the commands ask that are told nothing else. */
const COMMANDS_ASK = 'http://127.0.0.1:4320';
/** The longest that one order may take to show what it should, on a machine that has much else to do. */
const CHAPTER_MS = 30_000;
/** The order that is shown as text at the end: it stopped, with a reason. */
const SHOWN = 4;

/** Says what there is to see while the shop's orders go their ways. */
export class DemoGuide {
  private readonly client: ApiClient;

  constructor(
    private readonly server: RunningServer,
    token: string | null,
    private readonly terminal: Terminal,
  ) {
    // An Upshot that listens everywhere is asked on this machine.
    const url = server.uiUrl.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
    this.client = new ApiClient({ url, token });
  }

  /** Below which the numbers of this run's orders lie: those of earlier runs are in the store already. null: the store is somebody's, and nothing of the shop is in it. */
  async firstNumber(): Promise<number | null> {
    let base = FIRST;
    while ((await this.graph(`order_${base + 1}`)) !== null) base += BLOCK;
    if (base > FIRST) return base;
    const list = JSON.parse((await this.client.get('/api/workflows', { limit: '1' })) ?? '{}') as {
      workflows?: readonly unknown[];
    };
    return (list.workflows ?? []).length === 0 ? base : null;
  }

  /** Has the shop's orders placed, and says of each what there is to see, once there is. */
  async tell(shop: Shop, base: number, signal: AbortSignal): Promise<void> {
    const { STORY, tell } = await import('@upshot/example-shop');
    this.terminal.out(`\nThe shop runs, and takes ${STORY.length} orders. Look at\n`);
    await tell(shop, {
      base,
      signal,
      withinMs: CHAPTER_MS,
      ask: (order) => this.graph(order) as Promise<Seen | null>,
      told: (order, { look }, isThere) =>
        this.terminal.out(`  ${order} ${isThere ? look : `, which should be seen by now: ${look}`}\n`),
    });
    if (signal.aborted) return;
    const key = `order_${base + SHOWN}`;
    const graph = await this.graph(key);
    if (graph === null) return;
    const { color, columns: width } = this.terminal;
    const nowUnixNano = BigInt(Date.now()) * 1_000_000n;
    this.terminal.out(`\n$ upshot show ${key}\n\n${renderWorkflow(graph, { color, width, nowUnixNano })}`);
  }

  strangers(): void {
    this.terminal.out(
      `\nThe store has workflows of its own: the shop's orders were not placed in it. Name another one with --store.\n`,
    );
  }

  address(): void {
    const { uiUrl, otlpHttpUrl, otlpGrpcUrl, store } = this.server;
    const where = uiUrl === COMMANDS_ASK ? '' : `UPSHOT_URL=${uiUrl} `;
    this.terminal.out(`
Upshot answers at ${uiUrl}, and keeps what it is told in ${store}.
  telemetry   OTEL_EXPORTER_OTLP_ENDPOINT=${otlpHttpUrl}   (gRPC: ${otlpGrpcUrl})
  questions   ${where}npx upshot find · ${where}npx upshot show KEY · ${uiUrl}/api/workflows
`);
  }

  controls(orders: string, controls: string): void {
    const faults = `${controls}/faults`;
    this.terminal.out(`  orders      curl -X POST ${orders}
  faults      curl ${faults} · curl -X POST ${faults} -d fail@payments=2 · curl -X DELETE ${faults}
  replays     curl -X POST ${controls}/replays -d inventory
Ctrl-C ends it.
`);
  }

  private async graph(key: string): Promise<WorkflowGraph | null> {
    const body = await this.client.get(`/api/workflows/${encodeURIComponent(key)}`);
    return body === null ? null : (JSON.parse(body) as WorkflowGraph);
  }
}
