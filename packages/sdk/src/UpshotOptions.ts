import type { TracerProvider } from '@opentelemetry/api';
import type { Rules } from '@upshot/conventions';
import type { EventRecord } from './EventRecord.js';

/** What happens where something breaks the project's conventions: a line once, an error (in tests), nothing. */
export type ConventionsMode = 'warn' | 'throw' | 'off';

/** How a process span relates to the span that sent its message. */
export type Relation = 'parent-and-link' | 'parent' | 'link';

/** Everything is optional: by default the SDK uses whatever tracer the application has registered. */
export interface UpshotOptions {
  /** `service.name`, as the application's resource says it. By default the environment's `OTEL_SERVICE_NAME`, else "". */
  readonly service?: string;
  /** By default the one that is registered globally. */
  readonly tracerProvider?: TracerProvider;
  /** The project's conventions: parsed by `parseConventions`, or the document itself, `{ traceConventions: … }`. */
  readonly conventions?: Rules | { readonly traceConventions: object } | null;
  /** By default `warn`. */
  readonly conventionsMode?: ConventionsMode;
  /** Where warnings go, one line each; by default `console.warn`. */
  readonly warn?: (line: string) => void;
  /** By default `parent-and-link`: the trace goes on, and the link says that a message lies between. */
  readonly relation?: Relation;
  /** Takes event records and sends them to Upshot; `sdk-node` gives one. Without it no `processing` record is sent. */
  readonly records?: (record: EventRecord) => void;
  /** Milliseconds after which a handler that still runs is told of by a `processing` record; 0: at once. By default 1000. */
  readonly processingAfterMs?: number;
}
