import { decodeAnyValue, decodeKeyValue } from '../span/decodeAttributes.js';
import type { AttributeValue, SpanSource } from '../span/Span.js';
import { decodeSource } from '../span/spanSource.js';
import { hexAt } from '../wire/hex.js';
import { ProtobufReader } from '../wire/ProtobufReader.js';
import type { Log } from './Log.js';
import { type LogBatch, LogKind } from './LogBatch.js';

const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** All rows of a batch as log records, but for copies of one record: equal rows are one. Rows with equal sources share one `SpanSource`. */
export function decodeLogs(batch: LogBatch): Log[] {
  const sources: (SpanSource | undefined)[] = [];
  const sourceAt = (index: number): SpanSource =>
    (sources[index] ??= decodeSource(batch.sources.values[index]!));
  const times = new DataView(batch.starts.buffer, batch.starts.byteOffset, batch.rows * 8);
  const lags = new DataView(batch.durations.buffer, batch.durations.byteOffset, batch.rows * 8);
  const { bytes, ends } = batch.tails;
  const seen = new Set<string>();
  const logs: Log[] = [];
  for (let row = 0; row < batch.rows; row++) {
    const start = row === 0 ? 0 : ends[row - 1]!;
    const traceId = hexAt(batch.traceIds, row * 16, 16);
    const spanId = hexAt(batch.spanIds, row * 8, 8);
    const timeUnixNano = times.getBigUint64(row * 8, true);
    const identity = `${traceId}${spanId}${timeUnixNano}/${batch.names.indexes[row]}/${batch.sources.indexes[row]}/${batch.statuses[row]}/${textOf(bytes, start, ends[row]!)}`;
    if (seen.has(identity)) continue;
    seen.add(identity);
    logs.push({
      traceId: traceId === NO_TRACE ? '' : traceId,
      spanId: spanId === NO_SPAN ? '' : spanId,
      timeUnixNano,
      observedTimeUnixNano: BigInt.asUintN(64, timeUnixNano + lags.getBigInt64(row * 8, true)),
      severityNumber: batch.statuses[row]!,
      eventName: batch.names.values[batch.names.indexes[row]!]!,
      source: sourceAt(batch.sources.indexes[row]!),
      tail: bytes.subarray(start, ends[row]!),
      isException: batch.kinds[row] === LogKind.exception,
      ...decodeTail(bytes, start, ends[row]!),
    });
  }
  return logs;
}

/** Bytes as a text that is the same for the same bytes. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/** The fields of OTLP's LogRecord that have no column. Field numbers: opentelemetry.proto.logs.v1.LogRecord. */
function decodeTail(bytes: Uint8Array, start: number, end: number) {
  const attributes = new Map<string, AttributeValue>();
  const log = {
    attributes,
    severityText: '',
    body: null as AttributeValue,
    droppedAttributesCount: 0,
    flags: 0,
  };
  const reader = new ProtobufReader(bytes, start, end);
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 3 && wireType === 2) log.severityText = reader.text();
    else if (field === 5 && wireType === 2) log.body = decodeAnyValue(reader, 0);
    else if (field === 6 && wireType === 2) decodeKeyValue(reader, attributes);
    else if (field === 7 && wireType === 0) log.droppedAttributesCount = reader.varint32();
    else if (field === 8 && wireType === 5) log.flags = reader.fixed32();
    else reader.skip();
  }
  return log;
}
