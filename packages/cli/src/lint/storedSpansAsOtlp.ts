import type { StoredSpan } from '@upshot/api-contract';
import { SpanKind, StatusCode } from '@upshot/model';

/** Spans as the API shows them as an OTLP/JSON request, so that they can be read like any other. */
export function storedSpansAsOtlp(spans: readonly StoredSpan[]): Buffer {
  return Buffer.from(JSON.stringify({ resourceSpans: spans.map(resourceSpans) }));
}

function resourceSpans(span: StoredSpan): object {
  const { resource, scope } = span;
  return {
    resource: { attributes: attributes(resource.attributes) },
    schemaUrl: resource.schemaUrl,
    scopeSpans: [
      {
        scope: { name: scope.name, version: scope.version, attributes: attributes(scope.attributes) },
        schemaUrl: scope.schemaUrl,
        spans: [
          {
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId ?? '',
            name: span.name,
            kind: SpanKind[span.kind],
            startTimeUnixNano: span.startTimeUnixNano,
            endTimeUnixNano: span.endTimeUnixNano,
            status: { code: StatusCode[span.status.code], message: span.status.message },
            attributes: attributes(span.attributes),
            events: span.events.map((event) => ({ ...event, attributes: attributes(event.attributes) })),
            links: span.links.map((link) => ({ ...link, attributes: attributes(link.attributes) })),
          },
        ],
      },
    ],
  };
}

function attributes(values: { readonly [key: string]: unknown }): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** What JSON can't hold stands in the API as it stands in OTLP/JSON: `{intValue}`, `{doubleValue}`, `{bytesValue}`. */
function anyValue(value: unknown): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'number':
      return Number.isInteger(value) ? { intValue: `${value}` } : { doubleValue: value };
    default:
      break;
  }
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  const entries = Object.entries(value);
  const [key] = entries[0] ?? [];
  if (entries.length === 1 && (key === 'intValue' || key === 'doubleValue' || key === 'bytesValue'))
    return value;
  return { kvlistValue: { values: attributes(value as { [key: string]: unknown }) } };
}
