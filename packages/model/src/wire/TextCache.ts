/** Names are mostly shorter; what is longer is mostly a value that comes once. */
const MOST_BYTES = 48;
const SLOTS = 4_096;

const decoder = new TextDecoder();

/**
 * Texts that were decoded lately, found by their bytes: attribute names and most values come again and again, and comparing takes a third of decoding, and no
 * memory. One text a slot, the last one stays: nobody can fill it.
 */
export class TextCache {
  private readonly texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** UTF-8 from `start` to `end`; malformed sequences become U+FFFD. */
  decode(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > MOST_BYTES) return decoder.decode(bytes.subarray(start, end));
    // FNV-1a.
    let hash = 0x811c9dc5;
    let any = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      any |= byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    if (any > 0x7f) return decoder.decode(bytes.subarray(start, end));
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.texts[slot]!;
    if (known.length === length && isSame(known, bytes, start)) return known;
    const text = decoder.decode(bytes.subarray(start, end));
    this.texts[slot] = text;
    return text;
  }
}

/** ASCII alone is kept, so a character is a byte. */
function isSame(text: string, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
