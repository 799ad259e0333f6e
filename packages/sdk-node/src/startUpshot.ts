import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { readConventionsFile } from '@upshot/conventions-file';
import { type UpshotOptions, upshot } from '@upshot/sdk';
import { flushAtExit } from './flushAtExit.js';
import { Losses } from './Losses.js';
import { OutboxProcessor } from './OutboxProcessor.js';
import { RunningUpshot } from './RunningUpshot.js';
import { recordSender } from './recordSender.js';
import type { StartOptions } from './StartOptions.js';

const DEFAULT_ENDPOINT = 'http://127.0.0.1:4318';

/**
 * Starts everything that a service needs: tracer, context, export to Upshot, the project's conventions. The returned object and the `upshot` of
 * `@upshot/sdk`, which adapters use, are ready then.
 *
 * Upshot need not be there: spans wait in a bounded queue, and what is lost is counted and told. Where the application has registered a
 * tracer of its own, that one stays, and only conventions and `processing` records are added.
 *
 * @throws ConventionsFileError where the conventions file can't be read or is wrong
 * @throws TypeError where the endpoint is no URL
 */
export async function startUpshot(options: StartOptions = {}): Promise<RunningUpshot> {
  const { env } = process;
  // OpenTelemetry's specification: a variable that is empty is none.
  const endpoint = baseOf(options.endpoint ?? (env.OTEL_EXPORTER_OTLP_ENDPOINT || DEFAULT_ENDPOINT));
  const token = options.token ?? env.UPSHOT_TOKEN;
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const warn = options.warn ?? ((line: string) => console.warn(line));
  const conventions = await conventionsOf(options.conventions ?? env.UPSHOT_CONVENTIONS ?? null);
  const losses = new Losses(endpoint, warn);
  const resource = resourceOf(options);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers });
  const processor = new OutboxProcessor(exporter, losses, options.mostQueuedSpans);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  const attribute = (name: string) => String(resource.attributes[name] ?? '');
  const environment = attribute('deployment.environment.name') || attribute('deployment.environment');
  const records = recordSender(endpoint, headers, environment, losses);

  const register = options.register ?? true;
  if (register) registerContext();
  const registered = register && trace.setGlobalTracerProvider(provider);
  if (registered) registerPropagation();
  else if (register)
    losses.say(
      'OpenTelemetry is registered already, and its exporter is used: see "bring your own OpenTelemetry"',
    );

  const sdkOptions: UpshotOptions = {
    service: attribute('service.name'),
    tracerProvider: register && !registered ? undefined : provider,
    conventions,
    conventionsMode: options.conventionsMode,
    relation: options.relation,
    processingAfterMs: options.processingAfterMs,
    warn: options.warn,
    records: (record) => records.add(record),
  };
  let release = () => {};
  let stopped: Promise<void> | null = null;
  const running = new RunningUpshot(sdkOptions, {
    flush: async (withinMs) => {
      await Promise.all([processor.forceFlush(withinMs), records.flush(withinMs)]);
    },
    shutdown: (withinMs) => {
      stopped ??= (async () => {
        release();
        await Promise.allSettled([processor.shutdown(withinMs), records.close(withinMs)]);
      })();
      return stopped;
    },
    pending: () => processor.pending + records.pending,
    losses: () => losses.of,
  });
  if (options.flushAtExit ?? true) release = flushAtExit(running, (line) => losses.say(line));
  if (register) upshot.configure(sdkOptions);
  return running;
}

function baseOf(endpoint: string): string {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch (error) {
    throw new TypeError(`endpoint ${JSON.stringify(endpoint)} is no URL (http://127.0.0.1:4318 is one)`, {
      cause: error,
    });
  }
  // `localhost:4318` is an URL, too: one of the scheme `localhost:`, by which nothing would ever be sent.
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new TypeError(
      `endpoint ${JSON.stringify(endpoint)} is no URL of HTTP: write http://${endpoint.replace(/^\w+:\/\//, '')}`,
    );
  return url.href.replace(/\/+$/, '').replace(/\/v1\/(?:traces|events)$/, '');
}

async function conventionsOf(
  given: StartOptions['conventions'] | null,
): Promise<UpshotOptions['conventions']> {
  if (typeof given !== 'string') return given ?? null;
  return given === '' ? null : (await readConventionsFile(given)).rules;
}

function resourceOf({ service, serviceVersion, environment, attributes }: StartOptions): Resource {
  const own: Record<string, string> = { ...attributes };
  if (service !== undefined) own['service.name'] = service;
  if (serviceVersion !== undefined) own['service.version'] = serviceVersion;
  if (environment !== undefined) own['deployment.environment.name'] = environment;
  return defaultResource()
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(resourceFromAttributes(own));
}

/** A context manager is needed by all; a second one is refused by the API, and the first one stays. */
function registerContext(): void {
  if (context.with(ROOT_CONTEXT.setValue(PROBE, true), () => context.active().getValue(PROBE)) === true)
    return;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

const PROBE = Symbol('upshot');

function registerPropagation(): void {
  if (propagation.fields().length > 0) return;
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
}
