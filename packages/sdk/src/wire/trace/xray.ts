import type { SpanContext } from '@opentelemetry/api';
import { textOf } from '../texts.js';
import { remote } from './remote.js';

const ROOT = /(?:^|;)\s*Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)/i;
const PARENT = /(?:^|;)\s*Parent=([0-9a-f]{16})(?:;|$)/i;
const SAMPLED = /(?:^|;)\s*Sampled=([01?])/i;
const MOST = 512;

/** AWS X-Ray: `Root=1-{8}-{24};Parent={span};Sampled=1`, in `X-Amzn-Trace-Id` and in SQS's attribute `AWSTraceHeader`. */
export function fromXRay(value: unknown): SpanContext | null {
  if (value === undefined) return null;
  const text = textOf(value, MOST) ?? '';
  const root = ROOT.exec(text);
  const parent = PARENT.exec(text);
  if (root === null || parent === null) return null;
  const sampled = SAMPLED.exec(text)?.[1];
  return remote(root[1]! + root[2]!, parent[1]!, sampled === '1' ? true : sampled === '0' ? false : null);
}
