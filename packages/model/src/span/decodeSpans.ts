import type { SpanBatch } from '../batch/SpanBatch.js';
import { hexAt } from '../wire/hex.js';
import { ProtobufReader } from '../wire/ProtobufReader.js';
import { decodeKeyValue } from './decodeAttributes.js';
import type { AttributeValue, Span, SpanEvent, SpanKind, SpanLink, SpanSource, StatusCode } from './Span.js';
import { decodeSource } from './spanSource.js';

/** Reads the rows of one batch. Rows with equal sources share one `SpanSource` object. */
export class SpanDecoder {
  private readonly sources: (SpanSource | undefined)[] = [];
  private readonly starts: DataView;
  private readonly durations: DataView;

  constructor(private readonly batch: SpanBatch) {
    const { starts, durations, rows } = batch;
    this.starts = new DataView(starts.buffer, starts.byteOffset, rows * 8);
    this.durations = new DataView(durations.buffer, durations.byteOffset, rows * 8);
  }

  /** `traceId`: that of the row. */
  decode(row: number, traceId: string): Span {
    const { batch } = this;
    const startTimeUnixNano = this.starts.getBigUint64(row * 8, true);
    const parentSpanId = hexAt(batch.parentSpanIds, row * 8, 8);
    const { ends } = batch.tails;
    const tail = decodeTail(batch.tails.bytes, row === 0 ? 0 : ends[row - 1]!, ends[row]!);
    tail.status.code = batch.statuses[row]! as StatusCode;
    return {
      traceId,
      spanId: hexAt(batch.spanIds, row * 8, 8),
      parentSpanId: parentSpanId === '0000000000000000' ? '' : parentSpanId,
      name: batch.names.values[batch.names.indexes[row]!]!,
      kind: batch.kinds[row]! as SpanKind,
      startTimeUnixNano,
      // Modulo 2^64, as the difference was taken: so any two times come back, however far apart.
      endTimeUnixNano: BigInt.asUintN(64, startTimeUnixNano + this.durations.getBigInt64(row * 8, true)),
      source: this.sourceAt(batch.sources.indexes[row]!),
      attributes: tail.attributes,
      events: tail.events,
      links: tail.links,
      status: tail.status,
      traceState: tail.traceState,
      flags: tail.flags,
      droppedAttributesCount: tail.droppedAttributesCount,
      droppedEventsCount: tail.droppedEventsCount,
      droppedLinksCount: tail.droppedLinksCount,
    };
  }

  private sourceAt(index: number): SpanSource {
    let source = this.sources[index];
    if (source === undefined) {
      source = decodeSource(this.batch.sources.values[index]!);
      this.sources[index] = source;
    }
    return source;
  }
}

/** The rows of a batch as spans, but for those of traces that are not `wanted`; of the first `most` rows. */
export function decodeSpans(
  batch: SpanBatch,
  wanted?: (traceId: string) => boolean,
  most: number = batch.rows,
): Span[] {
  const decoder = new SpanDecoder(batch);
  const spans: Span[] = [];
  let traceId = '';
  for (let row = 0; row < Math.min(most, batch.rows); row++) {
    const own = hexAt(batch.traceIds, row * 16, 16);
    // One text for all spans of a trace that stand together.
    if (own !== traceId) traceId = own;
    if (wanted === undefined || wanted(traceId)) spans.push(decoder.decode(row, traceId));
  }
  return spans;
}

/** The fields of OTLP's Span message that have no column. Field numbers: opentelemetry.proto.trace.v1.Span. */
function decodeTail(bytes: Uint8Array, start: number, end: number) {
  const attributes = new Map<string, AttributeValue>();
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  const span = {
    attributes,
    events,
    links,
    status: { code: 0 as StatusCode, message: '' },
    traceState: '',
    flags: 0,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
  const reader = new ProtobufReader(bytes, start, end);
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 9 && wireType === 2) decodeKeyValue(reader, attributes);
    else if (field === 11 && wireType === 2) events.push(decodeEvent(reader.message()));
    else if (field === 13 && wireType === 2) links.push(decodeLink(reader.message()));
    else if (field === 15 && wireType === 2)
      span.status.message = decodeStatusMessage(reader.message(), span.status.message);
    else if (field === 3 && wireType === 2) span.traceState = reader.text();
    else if (field === 16 && wireType === 5) span.flags = reader.fixed32();
    else if (field === 10 && wireType === 0) span.droppedAttributesCount = reader.varint32();
    else if (field === 12 && wireType === 0) span.droppedEventsCount = reader.varint32();
    else if (field === 14 && wireType === 0) span.droppedLinksCount = reader.varint32();
    else reader.skip();
  }
  return span;
}

function decodeEvent(reader: ProtobufReader): SpanEvent {
  const attributes = new Map<string, AttributeValue>();
  const event = { timeUnixNano: 0n, name: '', attributes, droppedAttributesCount: 0 };
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 1 && wireType === 1) event.timeUnixNano = reader.fixed64();
    else if (field === 2 && wireType === 2) event.name = reader.text();
    else if (field === 3 && wireType === 2) decodeKeyValue(reader, attributes);
    else if (field === 4 && wireType === 0) event.droppedAttributesCount = reader.varint32();
    else reader.skip();
  }
  return event;
}

function decodeLink(reader: ProtobufReader): SpanLink {
  const attributes = new Map<string, AttributeValue>();
  const link = { traceId: '', spanId: '', traceState: '', attributes, droppedAttributesCount: 0, flags: 0 };
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 1 && wireType === 2) link.traceId = idOf(reader.slice(), 16);
    else if (field === 2 && wireType === 2) link.spanId = idOf(reader.slice(), 8);
    else if (field === 3 && wireType === 2) link.traceState = reader.text();
    else if (field === 4 && wireType === 2) decodeKeyValue(reader, attributes);
    else if (field === 5 && wireType === 0) link.droppedAttributesCount = reader.varint32();
    else if (field === 6 && wireType === 5) link.flags = reader.fixed32();
    else reader.skip();
  }
  return link;
}

/** A status that comes twice is merged: one without a message leaves the message of the one before. */
function decodeStatusMessage(reader: ProtobufReader, before: string): string {
  let message = before;
  while (reader.next()) {
    if (reader.field === 2 && reader.wireType === 2) message = reader.text();
    else reader.skip();
  }
  return message;
}

function idOf(bytes: Uint8Array, size: number): string {
  return bytes.length === size ? hexAt(bytes, 0, size) : '';
}
