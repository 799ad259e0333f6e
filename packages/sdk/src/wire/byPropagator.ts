import { propagation, ROOT_CONTEXT, type SpanContext, type TextMapGetter, trace } from '@opentelemetry/api';
import { MOST_BAGGAGE, textOf } from './texts.js';

type Carrier = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;

const getter: TextMapGetter<Carrier> = {
  get: (carrier, name) =>
    textOf(
      carrier instanceof Map ? carrier.get(name) : (carrier as Record<string, unknown>)[name],
      MOST_BAGGAGE,
    ) ?? undefined,
  keys: (carrier) => (carrier instanceof Map ? [...carrier.keys()].map(String) : Object.keys(carrier)),
};

/** The sender by the propagator that the application has registered: it may know headers that nobody else does. */
export function byPropagator(headers: unknown): SpanContext | null {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return null;
  return trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers as Carrier, getter)) ?? null;
}
