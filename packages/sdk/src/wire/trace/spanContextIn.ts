import { createTraceState, type SpanContext } from '@opentelemetry/api';
import type { Slots } from '../slotsOf.js';
import { MOST_TRACE_STATE, textOf } from '../texts.js';
import { fromB3, fromB3Headers } from './b3.js';
import { fromDatadog } from './datadog.js';
import { fromJaeger, fromOpenTracing } from './jaeger.js';
import { fromTraceparent } from './traceparent.js';
import { fromXRay } from './xray.js';

/** Headers of the form of `traceparent` with the `tracestate` that goes with each; what a library writes itself stands first. */
const W3C: readonly (readonly [parent: string, state: string])[] = [
  ['traceparent', 'tracestate'],
  ['diagnostic-id', 'tracestate'],
  ['googclient_traceparent', 'googclient_tracestate'],
  ['mt-activity-id', 'tracestate'],
  ['parent-id', 'tracestate'],
];

/** CloudEvents' extension: the span in which the event was created. Any hop since then is closer. */
const CLOUD_EVENTS: typeof W3C = [
  ['ce_traceparent', 'ce_tracestate'],
  ['ce-traceparent', 'ce-tracestate'],
  ['cloudevents_traceparent', 'cloudevents_tracestate'],
  ['cloudevents:traceparent', 'cloudevents:tracestate'],
];

const OTHERS: readonly ((slots: Slots) => SpanContext | null)[] = [
  (slots) => fromB3(slots.get('b3')),
  fromB3Headers,
  (slots) => fromJaeger(slots.get('uber-trace-id')),
  fromOpenTracing,
  fromDatadog,
  (slots) => fromXRay(slots.get('x-amzn-trace-id')) ?? fromXRay(slots.get('awstraceheader')),
];

/** The span that sent a message, by the first family of headers that names one rightly: W3C, B3, Jaeger, Datadog, X-Ray, CloudEvents. */
export function spanContextIn(slots: Slots): SpanContext | null {
  const direct = fromW3C(slots, W3C);
  if (direct !== null) return direct;
  for (const read of OTHERS) {
    const found = read(slots);
    if (found !== null) return found;
  }
  return fromW3C(slots, CLOUD_EVENTS);
}

function fromW3C(slots: Slots, names: typeof W3C): SpanContext | null {
  for (const [parent, state] of names) {
    const raw = slots.get(parent);
    const found = raw === undefined ? null : fromTraceparent(raw);
    if (found === null) continue;
    const traceState = textOf(slots.get(state), MOST_TRACE_STATE);
    return traceState === null ? found : { ...found, traceState: createTraceState(traceState) };
  }
  return null;
}
