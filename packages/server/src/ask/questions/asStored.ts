import type { Attributes, AttributeValue, SpanSource } from '@upshot/model';

/** Where a span or a log record comes from, as the API shows it. */
export function sourceAsStored(source: SpanSource) {
  return {
    resource: { attributes: attributesAsJson(source.resource), schemaUrl: source.resourceSchemaUrl },
    scope: {
      name: source.scope.name,
      version: source.scope.version,
      attributes: attributesAsJson(source.scope.attributes),
      schemaUrl: source.scopeSchemaUrl,
    },
  };
}

export function attributesAsJson(attributes: Attributes): { [key: string]: unknown } {
  // Not by assignment: an attribute may be called `__proto__`.
  return Object.fromEntries([...attributes].map(([key, value]) => [key, valueAsJson(value)]));
}

/** What JSON can't hold keeps the form that OTLP/JSON gives it. */
export function valueAsJson(value: AttributeValue): unknown {
  if (typeof value === 'bigint') return { intValue: `${value}` };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { doubleValue: `${value}` };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return value.map(valueAsJson);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, valueAsJson(inner)]));
}
