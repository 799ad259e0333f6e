import { ProtobufWriter } from '@upshot/model';
import { jsonText } from '../../json/jsonText.js';
import type { Refusals } from '../Refusals.js';
import { BadField, countOf, type JsonObject, listOf, member, objectOf, textOf } from './fields.js';
import { writeAttributes } from './writeAttributes.js';
import { writeSpan } from './writeSpan.js';

/**
 * OTLP/JSON's ExportTraceServiceRequest as the same message in protobuf, so that a span leaves the same row whichever way it came.
 * A span with a bad field is added to `refusals` and left out.
 * @throws SyntaxError where the body is no JSON
 * @throws BadField where it is JSON, but not such a message
 * @throws ReceiverError `too-large` where it holds more lists and objects than `mostNodes`
 */
export function exportFromJson(body: Buffer, mostNodes: number, refusals: Refusals): Buffer {
  const request = objectOf(JSON.parse(jsonText(body, mostNodes)), 'the request');
  const writer = new ProtobufWriter(body.length + 64);
  for (const entry of listOf(request, 'resourceSpans')) {
    const resourceSpans = objectOf(entry, 'an element of resourceSpans');
    writer.message(1, () => {
      const resource = member(resourceSpans, 'resource');
      if (resource !== undefined)
        writer.message(1, () => writeResource(writer, objectOf(resource, 'resource')));
      for (const scopeSpans of listOf(resourceSpans, 'scopeSpans')) {
        writer.message(2, () =>
          writeScopeSpans(writer, objectOf(scopeSpans, 'an element of scopeSpans'), refusals),
        );
      }
      writeUrl(writer, resourceSpans);
    });
  }
  return writer.view();
}

function writeScopeSpans(writer: ProtobufWriter, scopeSpans: JsonObject, refusals: Refusals): void {
  const scope = member(scopeSpans, 'scope');
  if (scope !== undefined) writer.message(1, () => writeScope(writer, objectOf(scope, 'scope')));
  for (const span of listOf(scopeSpans, 'spans')) {
    const before = writer.length;
    try {
      writer.message(2, () => writeSpan(writer, span));
    } catch (error) {
      if (!(error instanceof BadField)) throw error;
      writer.truncate(before);
      refusals.add('bad-json', () => nameOf(span), error.message);
    }
  }
  writeUrl(writer, scopeSpans);
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

function nameOf(span: unknown): string {
  const name = (span as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : '';
}
