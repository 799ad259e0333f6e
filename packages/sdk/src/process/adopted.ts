import { type Context, type Span, SpanKind, trace } from '@opentelemetry/api';
import type { Transport } from '../wire/Transport.js';

/** What SDK spans have beyond the API, by the names of OpenTelemetry JS 1.x and 2.x. */
interface ReadableSpan {
  readonly kind?: SpanKind;
  readonly ended?: boolean;
  readonly instrumentationScope?: { readonly name?: string };
  readonly instrumentationLibrary?: { readonly name?: string };
}

/** Spans that have been adopted: each is the span of one message and of no other. */
const taken = new WeakSet<Span>();

/** The consumer span that an official auto-instrumentation of the same library has made around this code, and that nobody has adopted yet. */
export function adoptable(at: Context, { instrumentations }: Transport): Span | null {
  if (instrumentations === undefined || instrumentations.length === 0) return null;
  const span = trace.getSpan(at);
  if (span === undefined || taken.has(span) || !span.isRecording()) return null;
  const { kind, instrumentationScope, instrumentationLibrary } = span as ReadableSpan;
  const scope = instrumentationScope?.name ?? instrumentationLibrary?.name;
  if (kind !== SpanKind.CONSUMER || scope === undefined || !instrumentations.includes(scope)) return null;
  taken.add(span);
  return span;
}
