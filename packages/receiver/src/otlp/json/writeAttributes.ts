import type { ProtobufWriter } from '@upshot/model';
import {
  BadField,
  integerOf,
  type JsonObject,
  LEAST_INT64,
  listOf,
  MOST_INT64,
  member,
  objectOf,
  textOf,
} from './fields.js';

/** Deeper values are refused before they can exhaust the stack; what is allowed is decided where the bytes are read. */
const DEEPEST = 64;

/** OTLP/JSON attributes (a list of KeyValue) as fields `field` of the message that is being written. */
export function writeAttributes(writer: ProtobufWriter, field: number, object: JsonObject, depth = 0): void {
  for (const entry of listOf(object, 'attributes')) writeKeyValue(writer, field, entry, depth);
}

function writeKeyValue(writer: ProtobufWriter, field: number, entry: unknown, depth: number): void {
  const attribute = objectOf(entry, 'an attribute');
  const key = textOf(attribute, 'key');
  const value = member(attribute, 'value');
  writer.message(field, () => {
    writer.text(1, key);
    if (value !== undefined) writer.message(2, () => writeValue(writer, value, key, depth));
  });
}

/** An AnyValue as field `field`; `name` is what a sender calls it. */
export function writeAnyValue(writer: ProtobufWriter, field: number, json: unknown, name: string): void {
  writer.message(field, () => writeValue(writer, json, name, 0));
}

/** An AnyValue's member, without the tag and length of the AnyValue itself. One without a known member is null. */
function writeValue(writer: ProtobufWriter, json: unknown, key: string, depth: number): void {
  const attribute = `attribute ${JSON.stringify(key.slice(0, 60))}`;
  if (depth > DEEPEST) throw new BadField(`${attribute} is nested too deep`);
  const value = objectOf(json, `the value of ${attribute}`);
  for (const [name, write] of MEMBERS) {
    const given = member(value, name);
    if (given === undefined) continue;
    write(writer, given, `${name} of ${attribute}`, key, depth);
    return;
  }
}

type WriteMember = (writer: ProtobufWriter, given: unknown, name: string, key: string, depth: number) => void;

/** The members of AnyValue's oneof (opentelemetry.proto.common.v1). */
const MEMBERS: readonly (readonly [string, WriteMember])[] = [
  [
    'stringValue',
    (writer, given, name) => {
      if (typeof given !== 'string') throw new BadField(`${name} is not a text`);
      writer.text(1, given);
    },
  ],
  [
    'boolValue',
    (writer, given, name) => {
      if (typeof given !== 'boolean') throw new BadField(`${name} is not true or false`);
      writer.tag(2, 0);
      writer.varint(given ? 1 : 0);
    },
  ],
  [
    'intValue',
    (writer, given, name) => {
      const integer = integerOf(given, name, LEAST_INT64, MOST_INT64);
      writer.tag(3, 0);
      writer.varint(integer);
    },
  ],
  [
    'doubleValue',
    (writer, given, name) => {
      const double = doubleOf(given, name);
      writer.tag(4, 1);
      writer.double(double);
    },
  ],
  [
    'arrayValue',
    (writer, given, name, key, depth) => {
      const values = listOf(objectOf(given, name), 'values');
      writer.message(5, () => {
        for (const element of values) {
          writer.message(1, () => {
            if (element !== null) writeValue(writer, element, key, depth + 1);
          });
        }
      });
    },
  ],
  [
    'kvlistValue',
    (writer, given, name, _key, depth) => {
      const values = listOf(objectOf(given, name), 'values');
      writer.message(6, () => {
        for (const element of values) writeKeyValue(writer, 1, element, depth + 1);
      });
    },
  ],
  [
    'bytesValue',
    (writer, given, name) => {
      if (typeof given !== 'string') throw new BadField(`${name} is not base64`);
      writer.bytes(7, Buffer.from(given, 'base64'));
    },
  ],
];

/** A number, or the text that protobuf's JSON mapping has for one that JSON can't write. */
function doubleOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (value === 'NaN' || !Number.isNaN(number)) return number;
  }
  throw new BadField(`${name} is not a number`);
}
