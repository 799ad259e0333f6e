import type { NativeWriter } from './NativeWriter.js';

/** A row of the table of documents. */
export function encodeDocument(writer: NativeWriter, name: string, written: bigint, text: string): void {
  writer.block(3, 1);
  writer.column('name', 'String');
  writer.string(name);
  writer.column('written', 'UInt64');
  writer.bigint(written);
  writer.column('text', 'String');
  writer.string(text);
}
