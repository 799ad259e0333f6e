import type { SpanContext } from '@opentelemetry/api';
import type { Slots } from '../slotsOf.js';
import { textOf } from '../texts.js';
import { remote } from './remote.js';

const DECIMAL = /^\d{1,20}$/;
const UPPER_HALF = /(?:^|,)_dd\.p\.tid=([0-9a-f]{16})(?:,|$)/i;
const MOST_U64 = (1n << 64n) - 1n;
const MOST = 512;
/** SQS, SNS, Kinesis and EventBridge carry the headers as one JSON object, of which tags are the longest part. */
const MOST_JSON = 2048;

/** Datadog: decimal `x-datadog-trace-id` (the lower half; the upper one stands in `x-datadog-tags`) and `-parent-id`, or JSON of these in `_datadog`. */
export function fromDatadog(slots: Slots): SpanContext | null {
  if (slots.has('x-datadog-trace-id')) return fromFields((name) => slots.get(name));
  const json = slots.has('_datadog') ? textOf(slots.get('_datadog'), MOST_JSON) : null;
  if (json === null) return null;
  try {
    const fields: unknown = JSON.parse(json);
    if (typeof fields !== 'object' || fields === null) return null;
    return fromFields((name) => (Object.hasOwn(fields, name) ? (fields as never)[name] : undefined));
  } catch {
    return null;
  }
}

function fromFields(field: (name: string) => unknown): SpanContext | null {
  const lower = hexOf(textOf(field('x-datadog-trace-id'), MOST));
  const spanId = hexOf(textOf(field('x-datadog-parent-id'), MOST));
  if (lower === null || spanId === null) return null;
  const upper = UPPER_HALF.exec(textOf(field('x-datadog-tags'), MOST) ?? '')?.[1] ?? '';
  const priority = textOf(field('x-datadog-sampling-priority'), MOST);
  return remote(upper + lower, spanId, priority === null ? null : !/^(?:-1|0)$/.test(priority));
}

function hexOf(decimal: string | null): string | null {
  if (decimal === null || !DECIMAL.test(decimal)) return null;
  const id = BigInt(decimal);
  return id > MOST_U64 ? null : id.toString(16).padStart(16, '0');
}
