import { BROKERS, Broker, type BrokerName } from '@upshot/brokers';
import type { WorkflowGraph } from '@upshot/model';
import { startServer } from '@upshot/server';
import { ServiceProcess } from './ServiceProcess.js';
import { shapeOf } from './shapeOf.js';

/** What services need to know of the adapter that they run on. */
export interface RigOptions {
  /** null for a transport that needs none. */
  readonly broker: BrokerName | null;
  readonly driver: URL;
  readonly library: string;
  readonly official: readonly string[];
}

const ANSWER_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;
/** Exports are at once when they are told to flush; a handler may take a moment longer than what it sent. */
const SETTLED_AFTER_MS = 400;

/** A real broker, a real Upshot in this process, and three services: what the cases of an adapter run on. */
export class Rig {
  private constructor(
    readonly broker: Broker | null,
    private readonly server: Awaited<ReturnType<typeof startServer>>,
    readonly shop: ServiceProcess,
    readonly billing: ServiceProcess,
    readonly shipping: ServiceProcess,
  ) {}

  static async start({ broker: kind, driver, library, official }: RigOptions): Promise<Rig> {
    const broker = kind === null ? null : await Broker.start(BROKERS[kind]);
    const server = await startServer({
      store: { kind: 'memory' },
      port: 0,
      otlpHttpPort: 0,
      otlpGrpcPort: 0,
    });
    const env = {
      ENDPOINT: server.otlpHttpUrl,
      DRIVER: driver.href,
      LIBRARY: library,
      BROKER_URL: broker?.url ?? '',
      OFFICIAL: official.join(','),
    };
    const [shop, billing, shipping] = await Promise.all(
      ['shop', 'billing', 'shipping'].map((name) => ServiceProcess.start(name, env)),
    );
    return new Rig(broker, server, shop!, billing!, shipping!);
  }

  get services(): readonly ServiceProcess[] {
    return [this.shop, this.billing, this.shipping];
  }

  /** Tells the same to all services. */
  async all(what: string, details: object = {}): Promise<void> {
    await Promise.all(this.services.map((service) => service.do(what, details)));
  }

  /**
   * The workflow's graph, as soon as it is as expected; else, after its time, the last one that was answered, or an error where there was none.
   */
  async graph(key: string, isThere: (graph: WorkflowGraph) => boolean): Promise<WorkflowGraph> {
    await this.all('flush');
    const deadline = Date.now() + ANSWER_WITHIN_MS;
    let last: WorkflowGraph | null = null;
    for (;;) {
      const answer = await fetch(`${this.server.uiUrl}/api/workflows/${encodeURIComponent(key)}`);
      if (answer.ok) last = (await answer.json()) as WorkflowGraph;
      else await answer.arrayBuffer();
      if (last !== null && isThere(last)) return last;
      if (Date.now() > deadline) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      await this.all('flush');
    }
    if (last === null) throw new Error(`no workflow ${key} after ${ANSWER_WITHIN_MS} ms`);
    return last;
  }

  /** The workflow's graph when nothing more comes: what handled the last message may end after what it sent was handled. */
  async settled(key: string): Promise<WorkflowGraph> {
    let shape = '';
    for (const deadline = Date.now() + ANSWER_WITHIN_MS; ; ) {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS));
      const graph = await this.graph(key, () => true);
      const now = shapeOf(graph).join('\n');
      if (now === shape || Date.now() > deadline) return graph;
      shape = now;
    }
  }

  /** The workflow as text, for a failure's message. */
  async text(key: string): Promise<string> {
    const answer = await fetch(`${this.server.uiUrl}/api/workflows/${encodeURIComponent(key)}?format=text`);
    return answer.text();
  }

  /** The names of the scopes whose spans a workflow has: who made them. */
  async scopes(key: string): Promise<string[]> {
    const answer = await fetch(`${this.server.uiUrl}/api/workflows/${encodeURIComponent(key)}/spans`);
    const { spans } = (await answer.json()) as { spans: { scope: { name: string } }[] };
    return [...new Set(spans.map(({ scope }) => scope.name))].sort();
  }

  /** Sends spans of somebody else's making, OTLP/JSON. */
  async sendForeign(resourceSpans: readonly object[]): Promise<void> {
    const answer = await fetch(`${this.server.otlpHttpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans }),
    });
    if (!answer.ok) throw new Error(`foreign spans: HTTP ${answer.status} ${await answer.text()}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
    await this.server.close();
    await this.broker?.close();
  }
}
