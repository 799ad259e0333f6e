import { context, createContextKey } from '@opentelemetry/api';
import type { Transport } from '@upshot/sdk';

/** A row has no headers but a column of them. It is read by us alone: CloudEvents attributes are added where it is sent on. */
export const POSTGRES: Transport = { system: 'postgresql', cloudEvents: null };

/** The key by which OpenTelemetry's instrumentations are told to make no span; keys are the same by name. */
const SUPPRESS = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Runs the relay's own queries: a look for new rows, some times a second, is no work of any workflow. */
export function unobserved<Result>(query: () => Result): Result {
  return context.with(context.active().setValue(SUPPRESS, true), query);
}
