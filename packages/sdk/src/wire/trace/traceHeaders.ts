/** Headers that carry a trace context, in lower case. */
export const TRACE_HEADERS: readonly string[] = [
  'traceparent',
  'tracestate',
  'baggage',
  'diagnostic-id', // Azure
  'googclient_traceparent', // Google Pub/Sub
  'googclient_tracestate',
  'mt-activity-id', // MassTransit
  'mt-activity-correlation-context',
  'parent-id', // Wolverine
  'ce_traceparent',
  'ce-traceparent',
  'cloudevents_traceparent',
  'cloudevents:traceparent',
  'ce_tracestate',
  'ce-tracestate',
  'cloudevents_tracestate',
  'cloudevents:tracestate',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-sampled',
  'x-b3-flags',
  'uber-trace-id', // Jaeger
  'ot-tracer-traceid',
  'ot-tracer-spanid',
  'ot-tracer-sampled',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'x-datadog-tags',
  '_datadog',
  'x-amzn-trace-id',
  'awstraceheader',
];
