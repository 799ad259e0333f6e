import { hex, type ModelAttribute, type ModelRequest, type ModelSpan, type ModelValue } from './model.js';
import { encode } from './otlpSchema.js';

/** How OTLP/JSON writes what it may write in more than one way. */
export interface JsonStyle {
  readonly ids: 'hex' | 'HEX' | 'base64';
  readonly integers: 'text' | 'number';
  readonly enums: 'number' | 'name';
  readonly names: 'camel' | 'snake';
}

export const PLAIN_JSON: JsonStyle = { ids: 'hex', integers: 'text', enums: 'number', names: 'camel' };

/** A request in OTLP/protobuf, by protobufjs. */
export function toProtobuf(request: ModelRequest): Buffer {
  return encode('ExportTraceServiceRequest', {
    resourceSpans: request.map((resource) => ({
      resource: { attributes: resource.attributes.map(protobufAttribute) },
      schemaUrl: resource.schemaUrl,
      scopeSpans: resource.scopes.map((scope) => ({
        scope: {
          name: scope.name,
          version: scope.version,
          attributes: scope.attributes.map(protobufAttribute),
        },
        schemaUrl: scope.schemaUrl,
        spans: scope.spans.map(protobufSpan),
      })),
    })),
  });
}

function protobufSpan(span: ModelSpan): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId.length > 0 ? { parentSpanId: span.parentSpanId } : {}),
    ...(span.traceState === '' ? {} : { traceState: span.traceState }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: span.start.toString(),
    endTimeUnixNano: span.end.toString(),
    attributes: span.attributes.map(protobufAttribute),
    ...(span.droppedAttributes === 0 ? {} : { droppedAttributesCount: span.droppedAttributes }),
    events: span.events.map((event) => ({
      timeUnixNano: event.time.toString(),
      name: event.name,
      attributes: event.attributes.map(protobufAttribute),
      droppedAttributesCount: event.dropped,
    })),
    ...(span.droppedEvents === 0 ? {} : { droppedEventsCount: span.droppedEvents }),
    links: span.links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceState: link.traceState,
      attributes: link.attributes.map(protobufAttribute),
      droppedAttributesCount: link.dropped,
      flags: link.flags,
    })),
    ...(span.droppedLinks === 0 ? {} : { droppedLinksCount: span.droppedLinks }),
    status: span.status,
    ...(span.flags === 0 ? {} : { flags: span.flags }),
  };
}

export function protobufAttribute({ key, value }: ModelAttribute): object {
  return { key, value: protobufValue(value) };
}

function protobufValue(value: ModelValue): object {
  switch (value.kind) {
    case 'text':
      return { stringValue: value.value };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: value.value.toString() };
    case 'double':
      return { doubleValue: value.value };
    case 'list':
      return { arrayValue: { values: value.value.map(protobufValue) } };
    case 'map':
      return { kvlistValue: { values: value.value.map(protobufAttribute) } };
    case 'bytes':
      return { bytesValue: value.value };
    case 'unset':
      return {};
  }
}

/** A request in OTLP/JSON, as text: 64-bit numbers stand in it with all their digits. */
export function toJson(request: ModelRequest, style: JsonStyle = PLAIN_JSON): string {
  const tree = {
    resourceSpans: request.map((resource) => ({
      resource: { attributes: resource.attributes.map((one) => jsonAttribute(one, style)) },
      schemaUrl: resource.schemaUrl,
      scopeSpans: resource.scopes.map((scope) => ({
        scope: {
          name: scope.name,
          version: scope.version,
          attributes: scope.attributes.map((one) => jsonAttribute(one, style)),
        },
        schemaUrl: scope.schemaUrl,
        spans: scope.spans.map((span) => jsonSpan(span, style)),
      })),
    })),
  };
  const text = JSON.stringify(style.names === 'snake' ? snaked(tree) : tree);
  return text.replace(/"#(-?\d+)#"/g, '$1');
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const CODES = ['UNSET', 'OK', 'ERROR'];

function jsonSpan(span: ModelSpan, style: JsonStyle): object {
  return {
    traceId: id(span.traceId, style),
    spanId: id(span.spanId, style),
    parentSpanId: id(span.parentSpanId, style),
    traceState: span.traceState,
    name: span.name,
    kind: style.enums === 'name' ? `SPAN_KIND_${KINDS[span.kind]}` : span.kind,
    startTimeUnixNano: integer(span.start, style),
    endTimeUnixNano: integer(span.end, style),
    attributes: span.attributes.map((one) => jsonAttribute(one, style)),
    droppedAttributesCount: span.droppedAttributes,
    events: span.events.map((event) => ({
      timeUnixNano: integer(event.time, style),
      name: event.name,
      attributes: event.attributes.map((one) => jsonAttribute(one, style)),
      droppedAttributesCount: event.dropped,
    })),
    droppedEventsCount: span.droppedEvents,
    links: span.links.map((link) => ({
      traceId: id(link.traceId, style),
      spanId: id(link.spanId, style),
      traceState: link.traceState,
      attributes: link.attributes.map((one) => jsonAttribute(one, style)),
      droppedAttributesCount: link.dropped,
      flags: link.flags,
    })),
    droppedLinksCount: span.droppedLinks,
    status: {
      message: span.status.message,
      code: style.enums === 'name' ? `STATUS_CODE_${CODES[span.status.code]}` : span.status.code,
    },
    flags: span.flags,
    somethingNew: { of: ['a', 'later', 'version'] },
    alsoNew: null,
  };
}

function jsonAttribute({ key, value }: ModelAttribute, style: JsonStyle): object {
  return { key, value: jsonValue(value, style) };
}

function jsonValue(value: ModelValue, style: JsonStyle): object {
  switch (value.kind) {
    case 'text':
      return { stringValue: value.value };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: integer(value.value, style) };
    case 'double':
      return { doubleValue: Number.isFinite(value.value) ? value.value : String(value.value) };
    case 'list':
      return { arrayValue: { values: value.value.map((one) => jsonValue(one, style)) } };
    case 'map':
      return { kvlistValue: { values: value.value.map((one) => jsonAttribute(one, style)) } };
    case 'bytes':
      return { bytesValue: Buffer.from(value.value).toString('base64') };
    case 'unset':
      return {};
  }
}

function id(bytes: Uint8Array, style: JsonStyle): string {
  if (style.ids === 'base64') return Buffer.from(bytes).toString('base64');
  return style.ids === 'HEX' ? hex(bytes).toUpperCase() : hex(bytes);
}

/** A number is marked, because JSON.stringify would round it; `toJson` takes the marks off. */
function integer(value: bigint, style: JsonStyle): string {
  return style.integers === 'text' ? value.toString() : `#${value}#`;
}

function snaked(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(snaked);
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snaked(value),
    ]),
  );
}
