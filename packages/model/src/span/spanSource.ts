import { ProtobufReader } from '../wire/ProtobufReader.js';
import { ProtobufWriter } from '../wire/ProtobufWriter.js';
import { decodeKeyValue } from './decodeAttributes.js';
import type { AttributeValue, SpanSource } from './Span.js';

/**
 * Where spans come from, as one value: OTLP's Resource (field 1) and InstrumentationScope (2) as they came,
 * with the schema URLs of both (3, 4).
 */
export function encodeSource(
  resource: Uint8Array,
  scope: Uint8Array,
  resourceSchemaUrl: string,
  scopeSchemaUrl: string,
): Uint8Array {
  const writer = new ProtobufWriter(resource.length + scope.length + 16);
  if (resource.length > 0) writer.bytes(1, resource);
  if (scope.length > 0) writer.bytes(2, scope);
  if (resourceSchemaUrl !== '') writer.text(3, resourceSchemaUrl);
  if (scopeSchemaUrl !== '') writer.text(4, scopeSchemaUrl);
  return writer.finish();
}

/** The reverse of `encodeSource`. */
export function decodeSource(bytes: Uint8Array): SpanSource {
  const resource = new Map<string, AttributeValue>();
  const scopeAttributes = new Map<string, AttributeValue>();
  const scope = { name: '', version: '', attributes: scopeAttributes };
  let resourceSchemaUrl = '';
  let scopeSchemaUrl = '';
  const reader = new ProtobufReader(bytes);
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) {
      const inner = reader.message();
      while (inner.next()) {
        if (inner.field === 1 && inner.wireType === 2) decodeKeyValue(inner, resource);
        else inner.skip();
      }
    } else if (reader.field === 2 && reader.wireType === 2) {
      const inner = reader.message();
      while (inner.next()) {
        if (inner.field === 1 && inner.wireType === 2) scope.name = inner.text();
        else if (inner.field === 2 && inner.wireType === 2) scope.version = inner.text();
        else if (inner.field === 3 && inner.wireType === 2) decodeKeyValue(inner, scopeAttributes);
        else inner.skip();
      }
    } else if (reader.field === 3 && reader.wireType === 2) resourceSchemaUrl = reader.text();
    else if (reader.field === 4 && reader.wireType === 2) scopeSchemaUrl = reader.text();
    else reader.skip();
  }
  return { resource, resourceSchemaUrl, scope, scopeSchemaUrl };
}
