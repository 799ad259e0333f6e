import { bytesOfHex, KeyKind, keyOf, type RollUp } from '@upshot/model';
import { NEVER, UNKNOWN } from '../schema/rollUpsTable.js';
import type { NativeWriter } from './NativeWriter.js';
import { dayOfNanos, filingDay } from './receiptDay.js';

const COLUMNS = 14;
const UNKNOWN_ATTRIBUTES = new Uint32Array([UNKNOWN.attributes]);

/** Notes as one `Native` block for the table `roll_ups`. `receivedMillis` is the Unix time by which wild times are filed. */
export function encodeRollUps(
  writer: NativeWriter,
  rollUps: readonly RollUp[],
  receivedMillis: number,
): void {
  writer.block(COLUMNS, rollUps.length);
  writer.column('day', 'Date');
  for (const { timeUnixNano } of rollUps) writer.uint16(filingDay(dayOfNanos(timeUnixNano), receivedMillis));
  writer.column('time', 'UInt64');
  for (const { timeUnixNano } of rollUps) writer.bigint(timeUnixNano);
  writer.column('id', 'FixedString(8)');
  for (const { id } of rollUps) writer.bytes(bytesOfHex(id));
  writer.column('version', 'UInt64');
  for (const { version } of rollUps) writer.bigint(version);
  writer.column('gone', 'UInt8');
  writer.bytes(Uint8Array.from(rollUps, ({ gone }) => Number(gone)));
  writer.column('key', 'String');
  for (const { key } of rollUps) writer.string(key);
  writer.column('status', 'String');
  for (const { status } of rollUps) writer.string(status);
  writer.column('changes_at', 'UInt64');
  for (const { changesAtUnixNano } of rollUps) writer.bigint(changesAtUnixNano ?? NEVER);
  writer.column('facets', 'String');
  for (const { facets } of rollUps) writer.string(JSON.stringify(facets));
  writer.column('facet_keys', 'Array(UInt64)');
  let end = 0;
  for (const { facets } of rollUps) {
    end += facets.length;
    writer.uint64(end);
  }
  for (const { facets } of rollUps)
    for (const facet of facets) {
      const [low, high] = keyOf(KeyKind.facet, facet);
      writer.bigint((BigInt(high) << 32n) | BigInt(low));
    }
  writer.column('content', 'String');
  for (const { row } of rollUps) writer.string(row);
  writer.column('lesson', 'String');
  for (const { lesson } of rollUps) writer.string(lesson);
  writer.column('texts', 'String');
  for (const { sought } of rollUps) writer.string(sought?.texts ?? UNKNOWN.texts);
  writer.column('attributes', 'Array(UInt32)');
  const attributes = rollUps.map(({ sought }) => sought?.attributes ?? UNKNOWN_ATTRIBUTES);
  let attributesEnd = 0;
  for (const { length } of attributes) {
    attributesEnd += length;
    writer.uint64(attributesEnd);
  }
  for (const { buffer, byteOffset, byteLength } of attributes)
    writer.bytes(new Uint8Array(buffer, byteOffset, byteLength));
}
