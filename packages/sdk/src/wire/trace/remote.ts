import { type SpanContext, TraceFlags } from '@opentelemetry/api';

const HEX = /^[0-9a-f]+$/;
const ZERO = /^0+$/;

/**
 * The context of a span elsewhere, from hex IDs of any length up to OpenTelemetry's; shorter ones (64-bit traces, Jaeger's without leading
 * zeros) are filled up on the left. Null where they are none, or all zero. `sampled` null: the sender left it open, and more is kept rather than less.
 */
export function remote(traceId: string, spanId: string, sampled: boolean | null): SpanContext | null {
  const trace = hex(traceId, 32);
  const span = hex(spanId, 16);
  if (trace === null || span === null) return null;
  return {
    traceId: trace,
    spanId: span,
    traceFlags: sampled === false ? TraceFlags.NONE : TraceFlags.SAMPLED,
    isRemote: true,
  };
}

function hex(id: string, length: number): string | null {
  const lower = id.toLowerCase();
  if (lower.length > length || !HEX.test(lower) || ZERO.test(lower)) return null;
  return lower.padStart(length, '0');
}
