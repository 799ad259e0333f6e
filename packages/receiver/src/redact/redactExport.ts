import { ProtobufReader, ProtobufWriter } from '@upshot/model';
import type { Redaction } from './Redaction.js';

/** Which fields of a message hold what: attributes, further messages, or a value that may be a map. */
interface Shape {
  readonly [field: number]: 'attribute' | 'value' | Shape;
}

const RESOURCE: Shape = { 1: 'attribute' };
const SCOPE: Shape = { 3: 'attribute' };
/** ExportTraceServiceRequest, down to the attributes of spans, their events and their links (opentelemetry.proto.trace.v1). */
const TRACES: Shape = {
  1: { 1: RESOURCE, 2: { 1: SCOPE, 2: { 9: 'attribute', 11: { 3: 'attribute' }, 13: { 4: 'attribute' } } } },
};
/** ExportLogsServiceRequest, down to the attributes and the body of log records (opentelemetry.proto.logs.v1). */
const LOGS: Shape = { 1: { 1: RESOURCE, 2: { 1: SCOPE, 2: { 5: 'value', 6: 'attribute' } } } };

const SHAPES = { traces: TRACES, logs: LOGS } as const;
const decoder = new TextDecoder();

/**
 * A request without what the rules take away. All else stays as it came, byte by byte.
 * @throws MalformedProtobuf where the bytes are no protobuf
 */
export function redactExport(message: Uint8Array, signal: 'traces' | 'logs', redaction: Redaction): Buffer {
  const writer = new ProtobufWriter(message.length + 256);
  copy(new ProtobufReader(message), writer, SHAPES[signal], redaction);
  return writer.view();
}

function copy(reader: ProtobufReader, writer: ProtobufWriter, shape: Shape, redaction: Redaction): void {
  for (let from = reader.at; reader.next(); from = reader.at) {
    const { field } = reader;
    const part = reader.wireType === 2 ? shape[field] : undefined;
    if (part === undefined) {
      reader.skip();
      writer.raw(reader.bytes.subarray(from, reader.at));
    } else if (part === 'attribute') attribute(reader.message(), writer, field, '', redaction, 0);
    else if (part === 'value') {
      const inner = reader.message();
      writer.message(field, () => value(inner, writer, '', redaction, 0));
    } else {
      const inner = reader.message();
      writer.message(field, () => copy(inner, writer, part, redaction));
    }
  }
}

/** Deeper values are refused by the decoder, whatever they hold. */
const DEEPEST = 64;

/** One KeyValue as field `field`, or nothing. `path`: the keys around it, each with a point behind it. */
function attribute(
  reader: ProtobufReader,
  writer: ProtobufWriter,
  field: number,
  path: string,
  redaction: Redaction,
  depth: number,
): void {
  const start = reader.at;
  let key: Uint8Array = new Uint8Array();
  let given: Uint8Array | null = null;
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) key = reader.slice();
    else if (reader.field === 2 && reader.wireType === 2) given = reader.slice();
    else reader.skip();
  }
  const name = path + decoder.decode(key);
  const action = redaction.actionFor(name);
  if (action === 'drop') return;
  if (given === null) {
    writer.bytes(field, reader.bytes.subarray(start, reader.end));
    return;
  }
  const held = given;
  writer.message(field, () => {
    writer.bytes(1, key);
    if (action !== null)
      writer.message(2, () => writer.text(1, redaction.replacement(action, scalarOf(held))));
    else writer.message(2, () => value(new ProtobufReader(held), writer, `${name}.`, redaction, depth));
  });
}

/** An AnyValue; of a map (field 6) its entries, of a list (field 5) the maps in it. */
function value(
  reader: ProtobufReader,
  writer: ProtobufWriter,
  path: string,
  redaction: Redaction,
  depth: number,
): void {
  for (let from = reader.at; reader.next(); from = reader.at) {
    const { field } = reader;
    if (reader.wireType !== 2 || (field !== 5 && field !== 6) || depth >= DEEPEST) {
      reader.skip();
      writer.raw(reader.bytes.subarray(from, reader.at));
      continue;
    }
    const inner = reader.message();
    writer.message(field, () => {
      for (let at = inner.at; inner.next(); at = inner.at) {
        if (inner.field !== 1 || inner.wireType !== 2) {
          inner.skip();
          writer.raw(inner.bytes.subarray(at, inner.at));
        } else if (field === 6) attribute(inner.message(), writer, 1, path, redaction, depth + 1);
        else {
          const element = inner.message();
          writer.message(1, () => value(element, writer, path, redaction, depth + 1));
        }
      }
    });
  }
}

/** The bytes that are hashed: those of a text itself, so that a span's attribute and a record's field of one value have one hash. */
function scalarOf(anyValue: Uint8Array): Uint8Array {
  const reader = new ProtobufReader(anyValue);
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2) return reader.slice();
    if (reader.field === 3 && reader.wireType === 0) return Buffer.from(String(reader.varint64()));
    reader.skip();
  }
  return anyValue;
}
