import { isUtf8 } from 'node:buffer';
import type { KeyKind, SpanBatchBuilder } from '@upshot/model';

const decoder = new TextDecoder();

/**
 * Keys a text. Bytes that are no UTF-8 are keyed as the text that a lenient decoder makes of them: that is how they will be read.
 */
export function addTextKey(
  batch: SpanBatchBuilder,
  kind: KeyKind,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  let all = 0;
  for (let i = start; i < end; i++) all |= bytes[i]!;
  if (all >= 0x80) {
    const text = bytes.subarray(start, end);
    if (!isUtf8(text)) {
      const mended = Buffer.from(decoder.decode(text));
      batch.addKey(kind, mended, 0, mended.length);
      return;
    }
  }
  batch.addKey(kind, bytes, start, end);
}

/** Whether a text is one or more decimal digits. */
export function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false;
  return end > start;
}
