import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { upshot } from '@upshot/sdk';
import { startUpshot } from '@upshot/sdk-node';

/** What an instrumentation does not do unasked. @type {Readonly<Record<string, object>>} */
const OPTIONS = { '@fastify/otel': { registerOnInitialization: true } };

/**
 * Either of the two ways that users have: `startUpshot` alone, or an OpenTelemetry of their own with official instrumentations, in which the SDK
 * finds its tracer.
 *
 * @param {string} service
 * @param {string} endpoint
 * @param {readonly string[]} official packages of instrumentations
 * @returns {Promise<{ flush: () => Promise<void>, stop: () => Promise<void> }>}
 */
export async function startTelemetry(service, endpoint, official) {
  if (official.length === 0) {
    const running = await startUpshot({ service, endpoint });
    return { flush: () => running.flush(), stop: () => running.shutdown() };
  }
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 100 })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  for (const name of official) {
    const exported = await import(name);
    const found = Object.entries(exported).find(([key]) => key.endsWith('Instrumentation'));
    // No instrumentation but an option of the library, which the driver sets: the cases see by its spans whether it did.
    if (found === undefined) continue;
    const instrumentation = new found[1](OPTIONS[name] ?? {});
    instrumentation.setTracerProvider(provider);
    instrumentation.enable();
  }
  upshot.configure({ service });
  return { flush: () => provider.forceFlush(), stop: () => provider.shutdown() };
}
