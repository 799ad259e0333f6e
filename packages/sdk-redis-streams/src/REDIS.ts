import type { Transport } from '@upshot/sdk';

/**
 * An entry has no headers but its fields, which its readers see: so there are few of ours, with the IDs in one. CloudEvents has no binding for streams.
 */
export const REDIS: Transport = { system: 'redis', cloudEvents: null, mostHeaders: 6 };

/** Fields that carry context, ours and others': they count against our few, and are replaced where an entry is sent again. */
const CONTEXT = /^(?:traceparent|tracestate|baggage|upshot(?:-[a-z-]+)?|b3|x-b3-[a-z]+|ce[-_][a-z]+)$/i;

/** The fields of an entry that carry context. */
export function contextIn(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => CONTEXT.test(name)));
}
