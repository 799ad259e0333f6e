import { context, propagation, type SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { Upshot, type UpshotOptions } from '@upshot/sdk';

/** An SDK whose finished spans can be looked at. */
export interface Recorded {
  readonly upshot: Upshot;
  readonly provider: BasicTracerProvider;
  /** Finished spans of a kind, in the order of their ends. */
  spans(kind?: SpanKind): ReadableSpan[];
}

export function recorded(options: UpshotOptions = {}): Recorded {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return {
    upshot: new Upshot({ service: 'billing', tracerProvider: provider, ...options }),
    provider,
    spans: (kind) => exporter.getFinishedSpans().filter((span) => kind === undefined || span.kind === kind),
  };
}

/** As an application does that has OpenTelemetry. */
export function registerContext(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

export function unregister(): void {
  context.disable();
  propagation.disable();
  trace.disable();
}
