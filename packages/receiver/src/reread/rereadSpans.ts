import {
  type LogBatch,
  ProtobufReader,
  ProtobufWriter,
  type SpanBatch,
  SpanBatchBuilder,
} from '@upshot/model';
import { DEFAULT_LIMITS } from '../intake/ReceiverLimits.js';
import { ExportDecoder } from '../otlp/protobuf/ExportDecoder.js';
import { LogExportDecoder } from '../otlp/protobuf/LogExportDecoder.js';
import { Refusals } from '../otlp/Refusals.js';

/** What was taken in once is taken in again, whatever the limits were then or are now. */
const WITHOUT_LIMITS = {
  ...DEFAULT_LIMITS,
  attributesPerSpan: Number.MAX_SAFE_INTEGER,
  eventsPerSpan: Number.MAX_SAFE_INTEGER,
  linksPerSpan: Number.MAX_SAFE_INTEGER,
  spansPerRequest: Number.MAX_SAFE_INTEGER,
  sourceBytes: 64 * 1024 * 1024,
};

export interface LinkSeen {
  /** Lower-case hex. */
  readonly traceId: string;
  readonly spanId: string;
  /** The bytes of its attributes, each a KeyValue. */
  readonly attributes: readonly Uint8Array[];
}

/**
 * Stored spans read anew, as if they had just come: the same rows, with the look-up keys that the vocabulary of today gives them. They go through the one
 * decoder, so that a row can't differ from one that arrives now. `keepsLink`: links for which it says no are left out.
 */
export function rereadSpans(
  batch: SpanBatch,
  keepsLink?: (link: LinkSeen, row: number) => boolean,
): SpanBatch {
  const builder = new SpanBatchBuilder();
  const decoder = new ExportDecoder(WITHOUT_LIMITS);
  const refusals = new Refusals(null);
  for (let row = 0; row < batch.rows; row++)
    decoder.decode(
      builder,
      requestOf(batch, row, (writer) => writeSpan(writer, batch, row, keepsLink)),
      0n,
      refusals,
    );
  if (refusals.count > 0) throw new Error(`stored spans can't be read again: ${refusals.message()}`);
  return builder.finish();
}

/** Stored log records read anew, likewise. */
export function rereadLogs(batch: LogBatch): LogBatch {
  const builder = new SpanBatchBuilder();
  const decoder = new LogExportDecoder(WITHOUT_LIMITS);
  const refusals = new Refusals(null, 'log record');
  for (let row = 0; row < batch.rows; row++)
    decoder.decodeLogs(
      builder,
      requestOf(batch, row, (writer) => writeLog(writer, batch, row)),
      { now: 0n, cutoff: 0n },
      refusals,
    );
  if (refusals.count > 0) throw new Error(`stored log records can't be read again: ${refusals.message()}`);
  return builder.finish();
}

function requestOf(batch: SpanBatch, row: number, writeItem: (writer: ProtobufWriter) => void): Uint8Array {
  const { tails } = batch;
  const start = row === 0 ? 0 : tails.ends[row - 1]!;
  const writer = new ProtobufWriter(tails.ends[row]! - start + 1024);
  const source = partsOf(batch.sources.values[batch.sources.indexes[row]!]!);
  writer.message(1, () => {
    if (source.resource.length > 0) writer.bytes(1, source.resource);
    writer.message(2, () => {
      if (source.scope.length > 0) writer.bytes(1, source.scope);
      writer.message(2, () => writeItem(writer));
      if (source.scopeUrl !== '') writer.text(3, source.scopeUrl);
    });
    if (source.resourceUrl !== '') writer.text(3, source.resourceUrl);
  });
  return writer.finish();
}

function writeSpan(
  writer: ProtobufWriter,
  batch: SpanBatch,
  row: number,
  keepsLink: Parameters<typeof rereadSpans>[1],
): void {
  const starts = new DataView(batch.starts.buffer, batch.starts.byteOffset + row * 8, 8);
  const durations = new DataView(batch.durations.buffer, batch.durations.byteOffset + row * 8, 8);
  const startTime = starts.getBigUint64(0, true);
  writer.bytes(1, batch.traceIds.subarray(row * 16, row * 16 + 16));
  writer.bytes(2, batch.spanIds.subarray(row * 8, row * 8 + 8));
  const parent = batch.parentSpanIds.subarray(row * 8, row * 8 + 8);
  if (parent.some((byte) => byte !== 0)) writer.bytes(4, parent);
  writer.text(5, batch.names.values[batch.names.indexes[row]!]!);
  writer.tag(6, 0);
  writer.varint(batch.kinds[row]!);
  writer.tag(7, 1);
  writer.fixed64(startTime);
  writer.tag(8, 1);
  writer.fixed64(BigInt.asUintN(64, startTime + durations.getBigInt64(0, true)));
  const { tails } = batch;
  const from = row === 0 ? 0 : tails.ends[row - 1]!;
  const tail = tails.bytes.subarray(from, tails.ends[row]!);
  writer.raw(keepsLink === undefined ? tail : withoutLinks(tail, (link) => keepsLink(link, row)));
}

function writeLog(writer: ProtobufWriter, batch: LogBatch, row: number): void {
  const times = new DataView(batch.starts.buffer, batch.starts.byteOffset + row * 8, 8);
  const lags = new DataView(batch.durations.buffer, batch.durations.byteOffset + row * 8, 8);
  const time = times.getBigUint64(0, true);
  writer.tag(1, 1);
  writer.fixed64(time);
  writer.tag(2, 0);
  writer.varint(batch.statuses[row]!);
  const traceId = batch.traceIds.subarray(row * 16, row * 16 + 16);
  const spanId = batch.spanIds.subarray(row * 8, row * 8 + 8);
  if (traceId.some((byte) => byte !== 0)) writer.bytes(9, traceId);
  if (spanId.some((byte) => byte !== 0)) writer.bytes(10, spanId);
  writer.tag(11, 1);
  writer.fixed64(BigInt.asUintN(64, time + lags.getBigInt64(0, true)));
  writer.text(12, batch.names.values[batch.names.indexes[row]!]!);
  const { tails } = batch;
  writer.raw(tails.bytes.subarray(row === 0 ? 0 : tails.ends[row - 1]!, tails.ends[row]!));
}

/** All fields of a tail but the links (field 13 of Span) that are not kept. */
function withoutLinks(tail: Uint8Array, keeps: (link: LinkSeen) => boolean): Uint8Array {
  const kept: Uint8Array[] = [];
  const reader = new ProtobufReader(tail);
  for (let from = 0; reader.next(); from = reader.at) {
    const isLink = reader.field === 13 && reader.wireType === 2;
    const link = isLink ? linkOf(reader.message()) : null;
    if (!isLink) reader.skip();
    if (link === null || keeps(link)) kept.push(tail.subarray(from, reader.at));
  }
  return Buffer.concat(kept);
}

function linkOf(reader: ProtobufReader): LinkSeen {
  const attributes: Uint8Array[] = [];
  let traceId = '';
  let spanId = '';
  while (reader.next()) {
    if (reader.wireType !== 2) reader.skip();
    else if (reader.field === 1) traceId = Buffer.from(reader.slice()).toString('hex');
    else if (reader.field === 2) spanId = Buffer.from(reader.slice()).toString('hex');
    else if (reader.field === 4) attributes.push(reader.slice());
    else reader.skip();
  }
  return { traceId, spanId, attributes };
}

/** The parts of a stored source, as `encodeSource` puts them together. */
function partsOf(source: Uint8Array) {
  const parts = { resource: new Uint8Array(), scope: new Uint8Array(), resourceUrl: '', scopeUrl: '' };
  const reader = new ProtobufReader(source);
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === 2)
      parts.resource = reader.slice() as Uint8Array<ArrayBuffer>;
    else if (reader.field === 2 && reader.wireType === 2)
      parts.scope = reader.slice() as Uint8Array<ArrayBuffer>;
    else if (reader.field === 3 && reader.wireType === 2) parts.resourceUrl = reader.text();
    else if (reader.field === 4 && reader.wireType === 2) parts.scopeUrl = reader.text();
    else reader.skip();
  }
  return parts;
}
