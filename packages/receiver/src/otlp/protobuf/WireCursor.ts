import { MalformedProtobuf } from '@upshot/model';

/**
 * Protobuf's wire format over bytes that the caller holds, without an object per message: each method takes a position and an
 * end, returns what it read, and leaves the position after it in `at`. Nothing is read at or beyond `end`; whatever is
 * malformed throws `MalformedProtobuf`. (`ProtobufReader` in the model is the comfortable sibling; this one is the hot path.)
 */
export class WireCursor {
  /** The position after what was read last. */
  protected at = 0;

  /** A varint, its low 32 bits, unsigned. */
  protected varint(bytes: Uint8Array, from: number, end: number): number {
    if (from < end) {
      const byte = bytes[from]!;
      if (byte < 0x80) {
        this.at = from + 1;
        return byte;
      }
    }
    return this.longVarint(bytes, from, end);
  }

  private longVarint(bytes: Uint8Array, from: number, end: number): number {
    let result = 0;
    let at = from;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new MalformedProtobuf('a number is cut off');
      const byte = bytes[at++]!;
      if (shift < 32) result |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.at = at;
        return result >>> 0;
      }
    }
    throw new MalformedProtobuf('a number is longer than 10 bytes');
  }

  /** Reads the length of a length-delimited value: returns the value's end, and leaves its start in `at`. */
  protected limit(bytes: Uint8Array, from: number, end: number): number {
    const length = this.varint(bytes, from, end);
    const limit = this.at + length;
    if (limit > end) throw new MalformedProtobuf('a field runs past the end of its message');
    return limit;
  }

  /** The position after a value of this tag that nobody wants. */
  protected skip(bytes: Uint8Array, tag: number, from: number, end: number): number {
    let after: number;
    switch (tag & 7) {
      case 0:
        this.varint(bytes, from, end);
        return this.at;
      case 1:
        after = from + 8;
        break;
      case 2:
        return this.limit(bytes, from, end);
      case 5:
        after = from + 4;
        break;
      default:
        throw new MalformedProtobuf(`wire type ${tag & 7} is not in use`);
    }
    if (after > end) throw new MalformedProtobuf('a value is cut off');
    return after;
  }

  /** A tag, which must not name field 0. */
  protected tag(bytes: Uint8Array, from: number, end: number): number {
    const tag = this.varint(bytes, from, end);
    if (tag < 8) throw new MalformedProtobuf('field number 0');
    return tag;
  }
}

/** Unsigned 32 bits, little-endian. The caller has checked that they are there. */
export function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

export function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}
