import { VOCABULARY_VERSION } from '@upshot/conventions';
import type { DictionaryColumn, SpanBatch } from '@upshot/model';
import { type NativeWriter, varintLength, writeVarint } from './NativeWriter.js';
import { dayOf, filingDay } from './receiptDay.js';

const COLUMNS = 16;

/**
 * Several batches as one `Native` block for the table `spans`, or `logs`: one part to fsync, one dictionary per column.
 * `receivedMillis` is the Unix time by which wild start times are filed; `stamp` says of all rows when they came.
 */
export function encodeSpans(
  writer: NativeWriter,
  batches: readonly SpanBatch[],
  receivedMillis: number,
  stamp: bigint,
): void {
  let rows = 0;
  for (const batch of batches) rows += batch.rows;
  writer.block(COLUMNS, rows);
  writer.column('day', 'Date');
  for (const batch of batches) writeDays(writer, batch, receivedMillis);
  writer.column('trace_id', 'FixedString(16)');
  for (const batch of batches) writer.bytes(batch.traceIds);
  writer.column('span_id', 'FixedString(8)');
  for (const batch of batches) writer.bytes(batch.spanIds);
  writer.column('parent_span_id', 'FixedString(8)');
  for (const batch of batches) writer.bytes(batch.parentSpanIds);
  writer.column('start', 'UInt64');
  for (const batch of batches) writer.bytes(batch.starts);
  writer.column('duration', 'Int64');
  for (const batch of batches) writer.bytes(batch.durations);
  writer.column('kind', 'UInt8');
  for (const batch of batches) writer.bytes(batch.kinds);
  writer.column('status', 'UInt8');
  for (const batch of batches) writer.bytes(batch.statuses);
  writer.column('entry', 'UInt8');
  for (const batch of batches) writer.bytes(batch.entries);
  writer.column('name', 'LowCardinality(String)');
  writeDictionary(
    writer,
    rows,
    batches.map((batch) => batch.names),
    (name) => name,
  );
  writer.column('service', 'LowCardinality(String)');
  writeDictionary(
    writer,
    rows,
    batches.map((batch) => batch.services),
    (service) => service,
  );
  writer.column('source', 'LowCardinality(String)');
  writeDictionary(
    writer,
    rows,
    batches.map((batch) => batch.sources),
    (source) => Buffer.from(source.buffer, source.byteOffset, source.length).toString('latin1'),
  );
  writer.column('tail', 'String');
  for (const batch of batches) writeTails(writer, batch);
  writer.column('keys', 'Array(UInt64)');
  writeKeys(writer, rows, batches);
  writer.column('received', 'UInt64');
  writer.repeated(stamp, rows);
  writer.column('vocabulary', 'UInt16');
  const { buffer, at } = writer.reserve(rows * 2);
  for (let to = at; to < at + rows * 2; to += 2) buffer.writeUInt16LE(VOCABULARY_VERSION, to);
}

function writeDays(writer: NativeWriter, batch: SpanBatch, receivedMillis: number): void {
  const { buffer, at } = writer.reserve(batch.rows * 2);
  const starts = new DataView(batch.starts.buffer, batch.starts.byteOffset, batch.rows * 8);
  let to = at;
  for (let from = 0; from < batch.rows * 8; from += 8) {
    const day = filingDay(
      dayOf(starts.getUint32(from, true), starts.getUint32(from + 4, true)),
      receivedMillis,
    );
    buffer[to++] = day;
    buffer[to++] = day >>> 8;
  }
}

/** Keys are written as additional ones of this block (bit 9 of the flags), indexes as UInt32 (type 2); equal values share an index. */
function writeDictionary<T extends string | Uint8Array>(
  writer: NativeWriter,
  rows: number,
  columns: readonly DictionaryColumn<T>[],
  identity: (value: T) => string,
): void {
  const shared = new Map<string, number>();
  const values: T[] = [];
  const indexesOf = columns.map(
    (column) =>
      new Uint32Array(
        column.values.map((value) => {
          const key = identity(value);
          let index = shared.get(key);
          if (index === undefined) {
            index = values.length;
            shared.set(key, index);
            values.push(value);
          }
          return index;
        }),
      ),
  );
  if (rows === 0) return;
  writer.uint64(1);
  writer.uint64(0x200 | 2);
  writer.uint64(values.length);
  for (const value of values) writer.string(value);
  writer.uint64(rows);
  const { buffer, at } = writer.reserve(rows * 4);
  let to = at;
  columns.forEach((column, i) => {
    const sharedIndexes = indexesOf[i]!;
    const { indexes } = column;
    for (let row = 0; row < indexes.length; row++) {
      const index = sharedIndexes[indexes[row]!]!;
      buffer[to++] = index;
      buffer[to++] = index >>> 8;
      buffer[to++] = index >>> 16;
      buffer[to++] = index >>> 24;
    }
  });
}

function writeTails(writer: NativeWriter, batch: SpanBatch): void {
  const { bytes, ends } = batch.tails;
  let length = batch.rows === 0 ? 0 : ends[batch.rows - 1]!;
  let start = 0;
  for (let row = 0; row < batch.rows; row++) {
    length += varintLength(ends[row]! - start);
    start = ends[row]!;
  }
  const { buffer, at } = writer.reserve(length);
  let to = at;
  start = 0;
  for (let row = 0; row < batch.rows; row++) {
    const end = ends[row]!;
    to = writeVarint(buffer, to, end - start);
    // A span's tail is some hundred bytes: a typed-array copy costs less than its view up to there, a loop more.
    buffer.set(bytes.subarray(start, end), to);
    to += end - start;
    start = end;
  }
}

/** Arrays: where each row's items end, counted over the whole block, then all items. */
function writeKeys(writer: NativeWriter, rows: number, batches: readonly SpanBatch[]): void {
  const { buffer, at } = writer.reserve(rows * 8);
  buffer.fill(0, at, at + rows * 8);
  let to = at;
  let before = 0;
  for (const { keys, rows: count } of batches) {
    for (let row = 0; row < count; row++, to += 8) buffer.writeUInt32LE(before + keys.ends[row]!, to);
    before += count === 0 ? 0 : keys.ends[count - 1]!;
  }
  for (const { keys, rows: count } of batches) {
    const items = count === 0 ? 0 : keys.ends[count - 1]!;
    writer.bytes(new Uint8Array(keys.halves.buffer, keys.halves.byteOffset, items * 8));
  }
}
