import type { ProtobufWriter } from '@upshot/model';
import { MENDED } from '../protobuf/mendedFields.js';
import {
  countOf,
  enumOf,
  idOf,
  type JsonObject,
  listOf,
  member,
  objectOf,
  textOf,
  timeOf,
} from './fields.js';
import { writeAttributes } from './writeAttributes.js';
import { writeFlags, writeNumber, writeOwnId, writeText, writeTime } from './writeFields.js';

const KINDS = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];
const CODES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

/**
 * The fields of one OTLP/JSON span as those of opentelemetry.proto.trace.v1.Span, in the order of their numbers and without defaults: the
 * bytes that a protobuf exporter would have sent.
 * @throws BadField naming the field that is not what OTLP says
 */
export function writeSpan(writer: ProtobufWriter, json: unknown): void {
  const span = objectOf(json, 'a span');
  writeOwnId(writer, 1, textOf(span, 'traceId'), 16, 'trace ID');
  writeOwnId(writer, 2, textOf(span, 'spanId'), 8, 'span ID');
  writeText(writer, 3, textOf(span, 'traceState'));
  const parent = textOf(span, 'parentSpanId');
  const parentId = idOf(parent, 8);
  if (parentId !== null) writer.bytes(4, parentId);
  writeText(writer, 5, textOf(span, 'name'));
  writeNumber(writer, 6, enumOf(span, 'kind', KINDS));
  writeTime(writer, 7, timeOf(span, 'startTimeUnixNano'));
  writeTime(writer, 8, timeOf(span, 'endTimeUnixNano'));
  writeAttributes(writer, 9, span);
  writeNumber(writer, 10, countOf(span, 'droppedAttributesCount'));
  for (const event of listOf(span, 'events'))
    writer.message(11, () => writeEvent(writer, objectOf(event, 'an event')));
  writeNumber(writer, 12, countOf(span, 'droppedEventsCount'));
  for (const link of listOf(span, 'links'))
    writer.message(13, () => writeLink(writer, objectOf(link, 'a link')));
  writeNumber(writer, 14, countOf(span, 'droppedLinksCount'));
  const status = member(span, 'status');
  if (status !== undefined) writer.message(15, () => writeStatus(writer, objectOf(status, 'status')));
  writeFlags(writer, 16, countOf(span, 'flags'));
  if (parent !== '' && parentId === null) {
    // Not hex: bytes of it might pass for an ID. It is kept as an attribute, like a parent of the wrong size.
    writer.message(9, () => {
      writer.text(1, MENDED.parentSpanId);
      writer.message(2, () => writer.text(1, parent.slice(0, 256)));
    });
  }
}

function writeEvent(writer: ProtobufWriter, event: JsonObject): void {
  writeTime(writer, 1, timeOf(event, 'timeUnixNano'));
  writeText(writer, 2, textOf(event, 'name'));
  writeAttributes(writer, 3, event);
  writeNumber(writer, 4, countOf(event, 'droppedAttributesCount'));
}

function writeLink(writer: ProtobufWriter, link: JsonObject): void {
  writeLinkedId(writer, 1, textOf(link, 'traceId'), 16);
  writeLinkedId(writer, 2, textOf(link, 'spanId'), 8);
  writeText(writer, 3, textOf(link, 'traceState'));
  writeAttributes(writer, 4, link);
  writeNumber(writer, 5, countOf(link, 'droppedAttributesCount'));
  writeFlags(writer, 6, countOf(link, 'flags'));
}

function writeStatus(writer: ProtobufWriter, status: JsonObject): void {
  writeText(writer, 2, textOf(status, 'message'));
  writeNumber(writer, 3, enumOf(status, 'code', CODES));
}

/** The ID of a linked span. A bad one must stay recognisable as bad, so that it may not have an ID's length. */
function writeLinkedId(writer: ProtobufWriter, field: number, text: string, size: number): void {
  if (text === '') return;
  const id = idOf(text, size) ?? Buffer.from(text);
  const isBad = idOf(text, size) === null && id.length === size;
  writer.bytes(field, isBad ? Buffer.concat([id, Buffer.from('?')]) : id);
}
