import type { Attributes, AttributeValue, SpanSource } from '@upshot/model';

/** Attributes as OTLP/JSON's list of KeyValue. */
export function otlpAttributes(attributes: Attributes): object[] {
  return [...attributes].map(([key, value]) => ({ key, value: anyValue(value) }));
}

/** OTLP/JSON's AnyValue. A whole number that came as a double leaves as an integer: nobody reads the difference. */
export function anyValue(value: AttributeValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      return { intValue: String(value) };
    case 'number':
      if (Number.isInteger(value)) return { intValue: String(BigInt(value)) };
      return { doubleValue: Number.isFinite(value) ? value : String(value) };
    default:
      break;
  }
  if (value === null) return {};
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: otlpAttributes(new Map(Object.entries(value))) } };
}

export function otlpResource({ resource, resourceSchemaUrl }: SpanSource) {
  return { resource: { attributes: otlpAttributes(resource) }, ...url(resourceSchemaUrl) };
}

export function otlpScope({ scope, scopeSchemaUrl }: SpanSource) {
  const { name, version, attributes } = scope;
  return { scope: { name, version, attributes: otlpAttributes(attributes) }, ...url(scopeSchemaUrl) };
}

function url(schemaUrl: string): object {
  return schemaUrl === '' ? {} : { schemaUrl };
}
