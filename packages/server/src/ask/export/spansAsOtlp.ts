import type { Log, Span, SpanSource } from '@upshot/model';
import { anyValue, otlpAttributes, otlpResource, otlpScope } from './otlpAttributes.js';

/** Spans as OTLP/JSON's `resourceSpans`: as they were received, but for fields that no Upshot knows. */
export function spansAsOtlp(spans: readonly Span[]): object[] {
  return bySource(spans).map(([source, of]) => ({
    ...otlpResource(source),
    scopeSpans: [{ ...otlpScope(source), spans: of.map(spanAsOtlp) }],
  }));
}

/** Log records as OTLP/JSON's `resourceLogs`. */
export function logsAsOtlp(logs: readonly Log[]): object[] {
  return bySource(logs).map(([source, of]) => ({
    ...otlpResource(source),
    scopeLogs: [{ ...otlpScope(source), logRecords: of.map(logAsOtlp) }],
  }));
}

function bySource<Item extends { readonly source: SpanSource }>(
  items: readonly Item[],
): [SpanSource, Item[]][] {
  const groups = new Map<SpanSource, Item[]>();
  for (const item of items) {
    const known = groups.get(item.source);
    if (known === undefined) groups.set(item.source, [item]);
    else known.push(item);
  }
  return [...groups];
}

function spanAsOtlp(span: Span): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === '' ? {} : { parentSpanId: span.parentSpanId }),
    ...(span.traceState === '' ? {} : { traceState: span.traceState }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(span.endTimeUnixNano),
    attributes: otlpAttributes(span.attributes),
    ...count('droppedAttributesCount', span.droppedAttributesCount),
    events: span.events.map(({ timeUnixNano, name, attributes, droppedAttributesCount }) => ({
      timeUnixNano: String(timeUnixNano),
      name,
      attributes: otlpAttributes(attributes),
      ...count('droppedAttributesCount', droppedAttributesCount),
    })),
    ...count('droppedEventsCount', span.droppedEventsCount),
    links: span.links.map(({ traceId, spanId, traceState, attributes, droppedAttributesCount, flags }) => ({
      traceId,
      spanId,
      ...(traceState === '' ? {} : { traceState }),
      attributes: otlpAttributes(attributes),
      ...count('droppedAttributesCount', droppedAttributesCount),
      ...count('flags', flags),
    })),
    ...count('droppedLinksCount', span.droppedLinksCount),
    status: span.status,
    ...count('flags', span.flags),
  };
}

function logAsOtlp(log: Log): object {
  return {
    timeUnixNano: String(log.timeUnixNano),
    observedTimeUnixNano: String(log.observedTimeUnixNano),
    ...count('severityNumber', log.severityNumber),
    ...(log.severityText === '' ? {} : { severityText: log.severityText }),
    ...(log.eventName === '' ? {} : { eventName: log.eventName }),
    ...(log.body === null ? {} : { body: anyValue(log.body) }),
    attributes: otlpAttributes(log.attributes),
    ...count('droppedAttributesCount', log.droppedAttributesCount),
    ...count('flags', log.flags),
    ...(log.traceId === '' ? {} : { traceId: log.traceId }),
    ...(log.spanId === '' ? {} : { spanId: log.spanId }),
  };
}

function count(name: string, value: number): object {
  return value === 0 ? {} : { [name]: value };
}
