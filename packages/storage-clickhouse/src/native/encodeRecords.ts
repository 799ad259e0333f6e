import type { StoredRecord } from '@upshot/model';
import { bytesOfHex } from '@upshot/model';
import type { NativeWriter } from './NativeWriter.js';
import { dayOf, filingDay } from './receiptDay.js';
import { encodeRecordBody } from './recordBody.js';

const COLUMNS = 6;
const LOW_HALF = 0xffff_ffffn;

/** Records as one `Native` block for the table `records`. `receivedMillis` and `stamp` as for spans. */
export function encodeRecords(
  writer: NativeWriter,
  records: readonly StoredRecord[],
  receivedMillis: number,
  stamp: bigint,
): void {
  const halves = records.map(({ timeUnixNano }) => ({
    low: Number(timeUnixNano & LOW_HALF),
    high: Number(timeUnixNano >> 32n),
  }));
  writer.block(COLUMNS, records.length);
  writer.column('day', 'Date');
  for (const { low, high } of halves) {
    const { buffer, at } = writer.reserve(2);
    buffer.writeUInt16LE(filingDay(dayOf(low, high), receivedMillis), at);
  }
  writer.column('time', 'UInt64');
  for (const { low, high } of halves) {
    const { buffer, at } = writer.reserve(8);
    buffer.writeUInt32LE(low, at);
    buffer.writeUInt32LE(high, at + 4);
  }
  writer.column('identity', 'FixedString(16)');
  for (const { identity } of records) writer.bytes(bytesOfHex(identity));
  writer.column('keys', 'Array(UInt64)');
  let end = 0;
  for (const { keys } of records) {
    end += keys.length;
    writer.uint64(end);
  }
  for (const { keys } of records) {
    for (const [low, high] of keys) {
      const { buffer, at } = writer.reserve(8);
      buffer.writeUInt32LE(low, at);
      buffer.writeUInt32LE(high, at + 4);
    }
  }
  writer.column('body', 'String');
  for (const { record } of records) writer.string(encodeRecordBody(record));
  writer.column('received', 'UInt64');
  writer.repeated(stamp, records.length);
}
