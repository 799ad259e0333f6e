import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

const schema = JSON.parse(readFileSync(new URL('otlp-trace.schema.json', import.meta.url), 'utf8'));
const TraceRequest = protobuf.Root.fromJSON(schema).lookupType('ExportTraceServiceRequest');

/** Fields that OTLP/JSON writes in hex where protobuf's own JSON would write base64. */
const HEX_FIELDS = new Set(['traceId', 'spanId', 'parentSpanId']);

/**
 * Decodes a protobuf ExportTraceServiceRequest into the object that OTLP/JSON has for it: 64-bit integers as
 * strings, enumerations as numbers, IDs in hex; unset fields stay away.
 *
 * @param {Uint8Array} bytes
 * @returns {object}
 */
export function decodeTraceRequest(bytes) {
  const message = TraceRequest.decode(bytes);
  return toOtlpJson(TraceRequest.toObject(message, { longs: String, enums: Number, bytes: Buffer }));
}

function toOtlpJson(value, field) {
  if (Buffer.isBuffer(value)) return value.toString(HEX_FIELDS.has(field) ? 'hex' : 'base64');
  if (Array.isArray(value)) return value.map((item) => toOtlpJson(item));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, toOtlpJson(inner, key)]);
  // An unset parent may be sent as no bytes; OTLP/JSON then has no such field.
  return Object.fromEntries(entries.filter(([key, inner]) => !(HEX_FIELDS.has(key) && inner === '')));
}
