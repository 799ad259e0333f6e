import type { ProtobufReader } from '../wire/ProtobufReader.js';
import type { Attributes, AttributeValue } from './Span.js';

/** Values nested deeper than this are read as null: no honest attribute is, and the reader must not exhaust the stack. */
const MAX_DEPTH = 32;

/** One OTLP KeyValue into `into`. A key that comes twice keeps its last value, as OTLP's maps do. */
export function decodeKeyValue(reader: ProtobufReader, into: Map<string, AttributeValue>, depth = 0): void {
  const end = reader.limit();
  const outer = reader.end;
  reader.end = end;
  let key = '';
  let value: AttributeValue = null;
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) key = reader.text();
    else if (reader.field === 2 && reader.wireType === 2) value = decodeAnyValue(reader, depth);
    else reader.skip();
  }
  reader.end = outer;
  into.set(key, value);
}

/** OTLP's AnyValue (opentelemetry.proto.common.v1): string, bool, int, double, array, kvlist, bytes; unset is null. */
export function decodeAnyValue(reader: ProtobufReader, depth: number): AttributeValue {
  const end = reader.limit();
  const outer = reader.end;
  reader.end = end;
  let value: AttributeValue = null;
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 1 && wireType === 2) value = reader.text();
    else if (field === 2 && wireType === 0) value = reader.varint32() !== 0;
    else if (field === 3 && wireType === 0) value = integer(reader.varint64());
    else if (field === 4 && wireType === 1) value = reader.double();
    else if (field === 5 && wireType === 2 && depth < MAX_DEPTH) value = decodeArray(reader, depth + 1);
    else if (field === 6 && wireType === 2 && depth < MAX_DEPTH) value = decodeKeyValues(reader, depth + 1);
    else if (field === 7 && wireType === 2) value = reader.slice();
    else reader.skip();
  }
  reader.end = outer;
  return value;
}

function decodeArray(reader: ProtobufReader, depth: number): AttributeValue[] {
  const end = reader.limit();
  const outer = reader.end;
  reader.end = end;
  const values: AttributeValue[] = [];
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) values.push(decodeAnyValue(reader, depth));
    else reader.skip();
  }
  reader.end = outer;
  return values;
}

function decodeKeyValues(reader: ProtobufReader, depth: number): { [key: string]: AttributeValue } {
  const end = reader.limit();
  const outer = reader.end;
  reader.end = end;
  const map = new Map<string, AttributeValue>();
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) decodeKeyValue(reader, map, depth);
    else reader.skip();
  }
  reader.end = outer;
  return Object.fromEntries(map);
}

function integer(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

export const NO_ATTRIBUTES: Attributes = new Map();
