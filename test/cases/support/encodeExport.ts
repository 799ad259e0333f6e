/**
 * OTLP/JSON to OTLP/protobuf, by the field numbers of opentelemetry-proto 1.x. An encoder for tests that shares no line with the
 * decoders under test: it takes requests as libraries write them, with hex IDs and enums as numbers.
 */
type FieldType = 'text' | 'hex' | 'base64' | 'varint' | 'fixed64' | 'fixed32' | 'double' | 'bool' | Message;
type Field = readonly [number: number, type: FieldType, repeated?: 'repeated'];
interface Message {
  readonly [name: string]: Field | (() => Field);
}

const ANY_VALUE: Message = {
  stringValue: [1, 'text'],
  boolValue: [2, 'bool'],
  intValue: [3, 'varint'],
  doubleValue: [4, 'double'],
  arrayValue: () => [5, { values: [1, ANY_VALUE, 'repeated'] }],
  kvlistValue: () => [6, { values: [1, KEY_VALUE, 'repeated'] }],
  bytesValue: [7, 'base64'],
};
const KEY_VALUE: Message = { key: [1, 'text'], value: [2, ANY_VALUE] };
const EVENT: Message = {
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'text'],
  attributes: [3, KEY_VALUE, 'repeated'],
  droppedAttributesCount: [4, 'varint'],
};
const LINK: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'text'],
  attributes: [4, KEY_VALUE, 'repeated'],
  droppedAttributesCount: [5, 'varint'],
  flags: [6, 'fixed32'],
};
const SPAN: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'text'],
  parentSpanId: [4, 'hex'],
  name: [5, 'text'],
  kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, KEY_VALUE, 'repeated'],
  droppedAttributesCount: [10, 'varint'],
  events: [11, EVENT, 'repeated'],
  droppedEventsCount: [12, 'varint'],
  links: [13, LINK, 'repeated'],
  droppedLinksCount: [14, 'varint'],
  status: [15, { message: [2, 'text'], code: [3, 'varint'] }],
  flags: [16, 'fixed32'],
};
const SCOPE: Message = { name: [1, 'text'], version: [2, 'text'], attributes: [3, KEY_VALUE, 'repeated'] };
const SCOPE_SPANS: Message = { scope: [1, SCOPE], spans: [2, SPAN, 'repeated'], schemaUrl: [3, 'text'] };
const RESOURCE: Message = { attributes: [1, KEY_VALUE, 'repeated'], droppedAttributesCount: [2, 'varint'] };
const RESOURCE_SPANS: Message = {
  resource: [1, RESOURCE],
  scopeSpans: [2, SCOPE_SPANS, 'repeated'],
  schemaUrl: [3, 'text'],
};

/** An ExportTraceServiceRequest in protobuf. Throws where a case holds a field that the schema above does not name. */
export function encodeExport(request: object): Buffer<ArrayBuffer> {
  return encode({ resourceSpans: [1, RESOURCE_SPANS, 'repeated'] }, request);
}

function encode(message: Message, value: object): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [];
  for (const [name, content] of Object.entries(value)) {
    const known = message[name];
    if (known === undefined) throw new Error(`no field number is known for ${name}`);
    const [number, type, repeated] = typeof known === 'function' ? known() : known;
    for (const one of repeated ? (content as unknown[]) : [content]) parts.push(...field(number, type, one));
  }
  return Buffer.concat(parts);
}

function field(number: number, type: FieldType, value: unknown): Buffer[] {
  switch (type) {
    case 'varint':
      return [tag(number, 0), varint(BigInt.asUintN(64, BigInt(value as string)))];
    case 'bool':
      return [tag(number, 0), varint(value === true ? 1n : 0n)];
    case 'fixed64': {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value as string));
      return [tag(number, 1), bytes];
    }
    case 'double': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(Number(value));
      return [tag(number, 1), bytes];
    }
    case 'fixed32': {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(Number(value));
      return [tag(number, 5), bytes];
    }
    case 'text':
      return counted(number, Buffer.from(value as string, 'utf8'));
    case 'hex':
      return counted(number, Buffer.from(value as string, 'hex'));
    case 'base64':
      return counted(number, Buffer.from(value as string, 'base64'));
    default:
      return counted(number, encode(type, value as object));
  }
}

function counted(number: number, bytes: Buffer): Buffer[] {
  return [tag(number, 2), varint(BigInt(bytes.length)), bytes];
}

function tag(number: number, wireType: number): Buffer {
  return varint(BigInt((number << 3) | wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  bytes.push(Number(left));
  return Buffer.from(bytes);
}
