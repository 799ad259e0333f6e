import type { Figures } from '@upshot/knowledge';
import type { ReceiverObserver } from '@upshot/receiver';
import type { Store } from '@upshot/storage';
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { addFleetGauges } from './fleetGauges.js';
import { latest } from './latest.js';
import { receiverObserver } from './receiverObserver.js';
import { rollUpObserver, type SettledTick } from './rollUpObserver.js';
import { addStoreGauges } from './storeGauges.js';
import { writeObserver } from './writeObserver.js';

const SECONDS = [0.005, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1.2, 2.5, 5, 10, 20];

/** Sums over an hour cost some tens of milliseconds: scrapes of several Prometheus within some seconds share them. */
const FIGURES = { freshMs: 5_000, staleMs: 60_000, patienceMs: 2_000 };

/** What Prometheus is told. One registry for each server, so that several may live in one process. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly requestSeconds: Histogram<'route' | 'status'>;
  private readonly threadEnds: Counter;

  constructor(store: Store) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.requestSeconds = new Histogram({
      name: 'upshot_http_request_seconds',
      help: 'Calls on the UI port, by route and status.',
      labelNames: ['route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.threadEnds = new Counter({
      name: 'upshot_answer_thread_ends_total',
      help: 'Threads that answer questions and ended by themselves: out of memory, or stuck.',
      registers,
    });
    addStoreGauges(store, registers);
  }

  watchRequests(app: FastifyInstance): void {
    app.addHook('onResponse', async (request, reply) => {
      // The pattern, not the path: keys are without number.
      const route = request.routeOptions.url ?? 'none';
      this.requestSeconds.observe({ route, status: `${reply.statusCode}` }, reply.elapsedTime / 1000);
    });
  }

  watchReceiver(onError: (error: unknown) => void): ReceiverObserver {
    return receiverObserver([this.registry], onError);
  }

  watchWrites(): ReturnType<typeof writeObserver> {
    return writeObserver([this.registry]);
  }

  watchRollUp(): (tick: SettledTick) => void {
    return rollUpObserver([this.registry]);
  }

  /** Figures over many workflows, asked for at a scrape. */
  watchFleet(ask: (signal: AbortSignal) => Promise<Figures>): void {
    addFleetGauges(latest(ask, FIGURES), [this.registry]);
  }

  /** A figure that is asked for when it is wanted. */
  gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }

  threadEnded(): void {
    this.threadEnds.inc();
  }

  async text(): Promise<{ text: string; contentType: string }> {
    return { text: await this.registry.metrics(), contentType: this.registry.contentType };
  }
}
