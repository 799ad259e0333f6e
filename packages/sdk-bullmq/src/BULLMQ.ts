import type { Transport } from '@upshot/sdk';

/** The tracer of `bullmq-otel`, unless its user names another one. */
const TRACER = 'bullmq';

/** A job has no headers but a text for telemetry in its options. CloudEvents has no binding for it. */
export const BULLMQ: Transport = {
  system: 'bullmq',
  cloudEvents: null,
  instrumentations: [TRACER, 'bullmq-otel'],
};

/** The transport of a worker whose own telemetry makes its spans under another name. */
export function transportOf(options: object): Transport {
  const { telemetry } = options as { telemetry?: { tracer?: { tracer?: NamedTracer } } };
  const tracer = telemetry?.tracer?.tracer;
  const name = tracer?.instrumentationScope?.name ?? tracer?.name;
  return typeof name === 'string'
    ? { ...BULLMQ, instrumentations: [...BULLMQ.instrumentations!, name] }
    : BULLMQ;
}

/** A tracer of OpenTelemetry's SDK, or of its API, which stands for one. */
interface NamedTracer {
  readonly name?: unknown;
  readonly instrumentationScope?: { readonly name?: unknown };
}
