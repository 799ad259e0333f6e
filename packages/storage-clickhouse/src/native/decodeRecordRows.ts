import { hexAt, type KeyHalves, type StoredRecord } from '@upshot/model';
import type { NativeBlock } from './NativeBlock.js';
import { textOf } from './NativeReader.js';
import { decodeRecordBody } from './recordBody.js';

/** The rows of an answer with the columns of `RECORD_COLUMNS`. */
export function decodeRecordRows(blocks: readonly NativeBlock[]): StoredRecord[] {
  const records: StoredRecord[] = [];
  for (const block of blocks) {
    const times = viewOf(block.fixed('time'));
    const identities = block.fixed('identity');
    const keys = block.arrays('keys');
    const items = viewOf(keys.items);
    const bodies = block.strings('body');
    for (let row = 0; row < block.rows; row++) {
      const keysOfRow: KeyHalves[] = [];
      for (let item = row === 0 ? 0 : keys.ends[row - 1]!; item < keys.ends[row]!; item++)
        keysOfRow.push([items.getUint32(item * 8, true), items.getUint32(item * 8 + 4, true)]);
      records.push({
        identity: hexAt(identities, row * 16, 16),
        timeUnixNano: times.getBigUint64(row * 8, true),
        keys: keysOfRow,
        record: decodeRecordBody(textOf(block.answer.subarray(bodies.starts[row]!, bodies.ends[row]!))),
      });
    }
  }
  return records;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
