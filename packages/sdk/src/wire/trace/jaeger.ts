import type { SpanContext } from '@opentelemetry/api';
import type { Slots } from '../slotsOf.js';
import { textOf } from '../texts.js';
import { remote } from './remote.js';

/** Leading zeros may be left out, and colons may stand as `%3A`. */
const FORM = /^([0-9a-f]{1,32}):([0-9a-f]{1,16}):[0-9a-f]{1,16}:([0-9a-f]{1,2})$/i;
const MOST = 128;

/** Jaeger: `{trace}:{span}:{parent}:{flags}`. */
export function fromJaeger(value: unknown): SpanContext | null {
  if (value === undefined) return null;
  const match = FORM.exec((textOf(value, MOST) ?? '').replaceAll(/%3a/gi, ':'));
  if (match === null) return null;
  return remote(match[1]!, match[2]!, (Number.parseInt(match[3]!, 16) & 1) === 1);
}

/** OpenTracing's basic tracers: `ot-tracer-traceid`, `-spanid`, `-sampled`. */
export function fromOpenTracing(slots: Slots): SpanContext | null {
  if (!slots.has('ot-tracer-traceid')) return null;
  const traceId = textOf(slots.get('ot-tracer-traceid'), MOST) ?? '';
  const spanId = textOf(slots.get('ot-tracer-spanid'), MOST) ?? '';
  const sampled = textOf(slots.get('ot-tracer-sampled'), MOST);
  return remote(traceId, spanId, sampled === null ? null : sampled === 'true' || sampled === '1');
}
