import { writeText, writeVarintText } from './decimalText.js';

/** 40 bytes hold the text of any number. */
const TEXT_ROOM = 40;
/** The parts of broker positions that a span, or one of its links, has stated: each in the slot of its attribute, as text. */
export class PositionParts {
  /** Slots that hold a part, as a bit set. */
  present = 0;
  /** Slot `i` is `texts[i][starts[i], ends[i])`. */
  readonly texts: Uint8Array[] = new Array<Uint8Array>(32).fill(Buffer.alloc(0));
  readonly starts = new Int32Array(32);
  readonly ends = new Int32Array(32);
  /** Where the texts of numbers are written. */
  private readonly numbers = Buffer.alloc(32 * TEXT_ROOM);

  /**
   * Puts a scalar of AnyValue, given by its tag and its bytes, into a slot as the text that stands for it: numbers and booleans
   * as `String` writes them. False for an empty text, for bytes, and for none.
   */
  put(slot: number, tag: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (tag === 0x0a) {
      this.texts[slot] = bytes;
      this.starts[slot] = start;
      this.ends[slot] = end;
      return end > start;
    }
    const { numbers } = this;
    const at = slot * TEXT_ROOM;
    let textEnd: number;
    if (tag === 0x18) textEnd = writeVarintText(bytes, start, end, numbers, at);
    else if (tag === 0x10) textEnd = writeText(String(isTrue(bytes, start)), numbers, at);
    else if (tag === 0x21) textEnd = writeText(String(double(bytes, start)), numbers, at);
    else return false;
    this.texts[slot] = numbers;
    this.starts[slot] = at;
    this.ends[slot] = textEnd;
    return true;
  }
}

/** As `decodeSpans` reads it: the low 32 bits of the varint. */
function isTrue(bytes: Uint8Array, at: number): boolean {
  let low = 0;
  for (let i = at, shift = 0; shift < 32; i++, shift += 7) {
    low |= (bytes[i]! & 0x7f) << shift;
    if (bytes[i]! < 0x80) break;
  }
  return low !== 0;
}

function double(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true);
}
