import { fileURLToPath } from 'node:url';
import { type Broker, freePort } from '@upshot/brokers';
import type { WorkflowGraph } from '@upshot/model';
import { startServer } from '@upshot/server';
import { ServiceProcess } from '../../brokers/ServiceProcess.js';

export const BROKERS_OF_BRIDGE = ['kafka', 'rabbitmq', 'postgres', 'nats'] as const;

const SERVICE = fileURLToPath(new URL('service.mjs', import.meta.url));
/** Each makes the place that it writes to or reads from, so those whose places others want come first. */
const SERVICES = [
  ['shop', 'warehouse', 'mail'],
  ['billing', 'shipping', 'relay'],
] as const;
type ServiceName = (typeof SERVICES)[number][number];

const ANSWER_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** Six services in processes of their own, between them four brokers and a webhook, and a real Upshot that all of them tell. */
export class Bridge {
  private constructor(
    private readonly server: Awaited<ReturnType<typeof startServer>>,
    private readonly services: ReadonlyMap<ServiceName, ServiceProcess>,
  ) {}

  static async start(broker: (kind: (typeof BROKERS_OF_BRIDGE)[number]) => Broker): Promise<Bridge> {
    const ports = { port: 0, otlpHttpPort: 0, otlpGrpcPort: 0 };
    const server = await startServer({ store: { kind: 'memory' }, ...ports });
    const services = new Map<ServiceName, ServiceProcess>();
    const bridge = new Bridge(server, services);
    const env = {
      ...Object.fromEntries(BROKERS_OF_BRIDGE.map((kind) => [kind.toUpperCase(), broker(kind).url])),
      ENDPOINT: server.otlpHttpUrl,
      WEBHOOK_PORT: String(await freePort()),
    };
    try {
      for (const names of SERVICES)
        await Promise.all(
          names.map(async (name) => services.set(name, await ServiceProcess.start(name, env, SERVICE))),
        );
    } catch (error) {
      await bridge.close();
      throw error;
    }
    return bridge;
  }

  do(service: ServiceName, what: string, details: object = {}): Promise<void> {
    return this.services.get(service)!.do(what, details);
  }

  /** What Upshot answers to a path, as soon as it is as expected; else, after its time, what it answered last. */
  async ask<Answer>(path: string, isThere: (answer: Answer) => boolean): Promise<Answer> {
    const deadline = Date.now() + ANSWER_WITHIN_MS;
    for (;;) {
      await Promise.all([...this.services.values()].map((service) => service.do('flush')));
      const response = await fetch(`${this.server.uiUrl}${path}`);
      const answer = (await response.json()) as Answer;
      const isLate = Date.now() > deadline;
      if (response.ok && (isLate || isThere(answer))) return answer;
      if (isLate) throw new Error(`${path}: HTTP ${response.status} ${JSON.stringify(answer)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  graph(key: string, isThere: (graph: WorkflowGraph) => boolean = () => true): Promise<WorkflowGraph> {
    return this.ask(`/api/workflows/${encodeURIComponent(key)}`, isThere);
  }

  /** The workflow as text, for a failure's message. */
  async text(key: string): Promise<string> {
    const path = `/api/workflows/${encodeURIComponent(key)}?format=text`;
    return (await fetch(`${this.server.uiUrl}${path}`)).text();
  }

  async close(): Promise<void> {
    await Promise.all([...this.services.values()].map((service) => service.stop()));
    await this.server.close();
  }
}
