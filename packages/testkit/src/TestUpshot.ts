import { trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Rules } from '@upshot/conventions';
import { readConventionsFile } from '@upshot/conventions-file';
import type { WorkflowGraph } from '@upshot/model';
import { type Receiver, startReceiver } from '@upshot/receiver';
import { Upshot, type UpshotOptions } from '@upshot/sdk';
import type { Store } from '@upshot/storage';
import { openMemoryStore } from '@upshot/storage-memory';
import { WorkflowAssertions } from './assert/WorkflowAssertions.js';
import { Answers } from './store/Answers.js';
import { WatchedIngest } from './store/WatchedIngest.js';

export interface TestUpshotOptions {
  /** The project's conventions file, YAML or JSON: declared consumers that do not react are missing, and services are held to its rules. */
  readonly conventions?: string;
  /** Port of OTLP over HTTP and of event records; by default a free one. */
  readonly port?: number;
  /** How long an assertion waits where it is not said, as `5s` or milliseconds. */
  readonly within?: string | number;
}

interface Flushing {
  forceFlush(): Promise<void>;
}

/**
 * An Upshot that lives in the test's process: it takes telemetry on a port of its own, keeps it in memory, and answers at once.
 * Start one per test file, point services at `endpoint`, and `close` it at the end.
 */
export class TestUpshot {
  private readonly services: BasicTracerProvider[] = [];

  private constructor(
    private readonly store: Store,
    private readonly ingest: WatchedIngest,
    private readonly receiver: Receiver,
    private readonly answers: Answers,
    private readonly rules: Rules | null,
    private readonly within: string | number,
  ) {}

  /**
   * @throws ConventionsFileError where the conventions file can't be read or is wrong
   * @throws Error (`code` EADDRINUSE) where the port is taken
   */
  static async start({ conventions, port = 0, within = '5s' }: TestUpshotOptions = {}): Promise<TestUpshot> {
    const rules = conventions === undefined ? null : (await readConventionsFile(conventions)).rules;
    const store = openMemoryStore();
    const ingest = new WatchedIngest(store);
    const receiver = await startReceiver({
      host: '127.0.0.1',
      httpPort: port,
      grpcPort: 0,
      ingest,
      clock: () => BigInt(Date.now()) * 1_000_000n,
      retentionNano: null,
    });
    return new TestUpshot(store, ingest, receiver, new Answers(store, rules), rules, within);
  }

  /** Where services send to: `OTEL_EXPORTER_OTLP_ENDPOINT`, or `startUpshot({ endpoint })`. */
  get endpoint(): string {
    return this.receiver.httpUrl;
  }

  /** The same for OTLP over gRPC. */
  get grpcEndpoint(): string {
    return this.receiver.grpcUrl;
  }

  /**
   * The SDK for a service that runs in this process: what it publishes and processes is here as soon as it ends. Nothing global is touched. By
   * default what breaks the conventions throws.
   */
  service(name: string, options: Pick<UpshotOptions, 'conventionsMode' | 'relation'> = {}): Upshot {
    const exporter = new OTLPTraceExporter({ url: `${this.endpoint}/v1/traces` });
    const tracerProvider = new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': name }),
      spanProcessors: [new SimpleSpanProcessor(exporter)],
    });
    this.services.push(tracerProvider);
    const conventions = this.rules;
    return new Upshot({ service: name, tracerProvider, conventions, conventionsMode: 'throw', ...options });
  }

  /** Assertions on the workflow of a correlation ID (or of a trace, event or span ID). */
  workflow(key: string): WorkflowAssertions {
    const { answers, ingest, within } = this;
    return new WorkflowAssertions(key, { answers, ingest, within, flush: () => this.flush() });
  }

  /** The whole answer, as `upshot show KEY --json` prints it; null where nothing is known of the key. */
  async graph(key: string): Promise<WorkflowGraph | null> {
    await this.flush();
    return this.answers.workflow(key);
  }

  /** Sends what services of this process have not sent yet, whichever OpenTelemetry is registered. Never rejects. */
  async flush(): Promise<void> {
    const registered = trace.getTracerProvider() as { getDelegate?: () => Partial<Flushing> };
    const own = registered.getDelegate?.() ?? (registered as Partial<Flushing>);
    await Promise.allSettled([
      ...this.services.map((provider) => provider.forceFlush()),
      ...(typeof own.forceFlush === 'function' ? [own.forceFlush()] : []),
    ]);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.services.map((provider) => provider.shutdown()));
    this.ingest.close();
    await this.receiver.close();
    await this.store.close();
  }
}
