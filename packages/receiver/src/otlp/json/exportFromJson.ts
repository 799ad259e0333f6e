import { ProtobufWriter } from '@upshot/model';
import { jsonText } from '../../json/jsonText.js';
import type { Refusals } from '../Refusals.js';
import { BadField, countOf, type JsonObject, listOf, member, objectOf, textOf } from './fields.js';
import { writeAttributes } from './writeAttributes.js';
import { writeLogRecord } from './writeLogRecord.js';
import { writeSpan } from './writeSpan.js';

/** How a signal's request is called in JSON, level by level; in protobuf all of them have the same field numbers. */
export interface JsonSignal {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
  /** @throws BadField naming the field that is not what OTLP says */
  write(writer: ProtobufWriter, item: unknown): void;
  /** What its sender would recognise it by. */
  nameOf(item: unknown): string;
}

export const SPANS_JSON: JsonSignal = {
  resources: 'resourceSpans',
  scopes: 'scopeSpans',
  items: 'spans',
  write: writeSpan,
  nameOf: (span) => textMember(span, 'name'),
};

export const LOGS_JSON: JsonSignal = {
  resources: 'resourceLogs',
  scopes: 'scopeLogs',
  items: 'logRecords',
  write: writeLogRecord,
  nameOf: (log) =>
    textMember(log, 'eventName') || textMember((log as JsonObject | null)?.body, 'stringValue'),
};

/**
 * OTLP/JSON's ExportTraceServiceRequest (or ExportLogsServiceRequest) as the same message in protobuf, so that a span leaves the same row whichever
 * way it came. A span with a bad field is added to `refusals` and left out.
 * @throws SyntaxError where the body is no JSON
 * @throws BadField where it is JSON, but not such a message
 * @throws ReceiverError `too-large` where it holds more lists and objects than `mostNodes`
 */
export function exportFromJson(
  body: Buffer,
  mostNodes: number,
  refusals: Refusals,
  signal: JsonSignal = SPANS_JSON,
): Buffer {
  const request = objectOf(JSON.parse(jsonText(body, mostNodes)), 'the request');
  const writer = new ProtobufWriter(body.length + 64);
  for (const entry of listOf(request, signal.resources)) {
    const ofResource = objectOf(entry, `an element of ${signal.resources}`);
    writer.message(1, () => {
      const resource = member(ofResource, 'resource');
      if (resource !== undefined)
        writer.message(1, () => writeResource(writer, objectOf(resource, 'resource')));
      for (const ofScope of listOf(ofResource, signal.scopes)) {
        writer.message(2, () =>
          writeItems(writer, objectOf(ofScope, `an element of ${signal.scopes}`), refusals, signal),
        );
      }
      writeUrl(writer, ofResource);
    });
  }
  return writer.view();
}

function writeItems(
  writer: ProtobufWriter,
  ofScope: JsonObject,
  refusals: Refusals,
  signal: JsonSignal,
): void {
  const scope = member(ofScope, 'scope');
  if (scope !== undefined) writer.message(1, () => writeScope(writer, objectOf(scope, 'scope')));
  for (const item of listOf(ofScope, signal.items)) {
    const before = writer.length;
    try {
      writer.message(2, () => signal.write(writer, item));
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      writer.truncate(before);
      refusals.add('bad-json', () => signal.nameOf(item), error.message);
    }
  }
  writeUrl(writer, ofScope);
}

function writeResource(writer: ProtobufWriter, resource: JsonObject): void {
  writeAttributes(writer, 1, resource);
  writeDropped(writer, 2, resource);
}

function writeScope(writer: ProtobufWriter, scope: JsonObject): void {
  const name = textOf(scope, 'name');
  const version = textOf(scope, 'version');
  if (name !== '') writer.text(1, name);
  if (version !== '') writer.text(2, version);
  writeAttributes(writer, 3, scope);
  writeDropped(writer, 4, scope);
}

function writeDropped(writer: ProtobufWriter, field: number, object: JsonObject): void {
  const dropped = countOf(object, 'droppedAttributesCount');
  if (dropped === 0) return;
  writer.tag(field, 0);
  writer.varint(dropped);
}

function writeUrl(writer: ProtobufWriter, object: JsonObject): void {
  const url = textOf(object, 'schemaUrl');
  if (url !== '') writer.text(3, url);
}

function textMember(object: unknown, name: string): string {
  const text = (object as JsonObject | null | undefined)?.[name];
  return typeof text === 'string' ? text : '';
}
