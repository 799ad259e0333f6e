import type { SpanContext } from '@opentelemetry/api';
import { textOf } from '../texts.js';
import { remote } from './remote.js';

/** A later version may be longer, and begins like this one. */
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MOST = 256;

/** W3C Trace Context: `00-{trace}-{span}-{flags}`. */
export function fromTraceparent(value: unknown): SpanContext | null {
  const match = FORM.exec(textOf(value, MOST) ?? '');
  if (match === null) return null;
  const [, version, traceId, spanId, flags, more] = match;
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  return remote(traceId!, spanId!, (Number.parseInt(flags!, 16) & 1) === 1);
}
