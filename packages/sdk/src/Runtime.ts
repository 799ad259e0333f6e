import { type Tracer, trace } from '@opentelemetry/api';
import { ConventionsCheck } from './checks/ConventionsCheck.js';
import type { Relation, UpshotOptions } from './UpshotOptions.js';

/** The scope of all spans that the SDK makes. */
export const SCOPE = '@upshot/sdk';

const PROCESSING_AFTER_MS = 1000;

/** Options, made ready for use. */
export interface Runtime {
  readonly tracer: Tracer;
  readonly service: string;
  readonly check: ConventionsCheck;
  readonly relation: Relation;
  readonly records: UpshotOptions['records'];
  readonly processingAfterMs: number;
}

/** @throws TypeError where the conventions are none */
export function runtimeOf(options: UpshotOptions): Runtime {
  return {
    // The API's proxy: a tracer that is registered later serves from then on.
    tracer: (options.tracerProvider ?? trace.getTracerProvider()).getTracer(SCOPE),
    service: options.service ?? process.env.OTEL_SERVICE_NAME ?? '',
    check: new ConventionsCheck(options),
    relation: options.relation ?? 'parent-and-link',
    records: options.records,
    processingAfterMs: options.processingAfterMs ?? PROCESSING_AFTER_MS,
  };
}
