import type { SpanContext } from '@opentelemetry/api';
import type { Slots } from '../slotsOf.js';
import { textOf } from '../texts.js';
import { remote } from './remote.js';

const SINGLE = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d]|true|false))?(?:-[0-9a-f]{16})?$/i;
const ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/i;
const MOST = 128;

/** B3 in one header: `{trace}-{span}-{0|1|d}-{parent}`. */
export function fromB3(value: unknown): SpanContext | null {
  const match = value === undefined ? null : SINGLE.exec(textOf(value, MOST) ?? '');
  return match === null ? null : remote(match[1]!, match[2]!, decision(match[3]));
}

/** B3 in several headers: `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-Sampled`, `X-B3-Flags`. */
export function fromB3Headers(slots: Slots): SpanContext | null {
  const traceId = slots.has('x-b3-traceid') ? textOf(slots.get('x-b3-traceid'), MOST) : null;
  const spanId = textOf(slots.get('x-b3-spanid'), MOST);
  if (traceId === null || spanId === null || !ID.test(traceId) || spanId.length !== 16) return null;
  if (textOf(slots.get('x-b3-flags'), MOST) === '1') return remote(traceId, spanId, true);
  return remote(traceId, spanId, decision(textOf(slots.get('x-b3-sampled'), MOST) ?? undefined));
}

function decision(said: string | undefined): boolean | null {
  if (said === undefined) return null;
  return said !== '0' && said.toLowerCase() !== 'false';
}
