import { TextCache } from './TextCache.js';

/**
 * A cursor over protobuf's wire format (protobuf.dev/programming-guides/encoding). It reads what it is asked for and nothing
 * else; a malformed input throws `MalformedProtobuf`, never reads beyond `end`, and never loops.
 */
export class MalformedProtobuf extends Error {
  override name = 'MalformedProtobuf';
}

const texts = new TextCache();

export class ProtobufReader {
  /** Set by `next`: the field number and the wire type. */
  field = 0;
  wireType = 0;

  constructor(
    readonly bytes: Uint8Array,
    public at = 0,
    public end = bytes.length,
  ) {}

  /** Moves to the next field's value. False at the end. */
  next(): boolean {
    if (this.at >= this.end) return false;
    const tag = this.varint32();
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0) throw new MalformedProtobuf(`field number 0 at byte ${this.at}`);
    return true;
  }

  /** A varint, its low 32 bits, unsigned. */
  varint32(): number {
    const { bytes } = this;
    let result = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= this.end) throw new MalformedProtobuf('truncated varint');
      const byte = bytes[this.at++]!;
      if (shift < 32) result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    throw new MalformedProtobuf('varint longer than 10 bytes');
  }

  /** A varint as a signed 64-bit integer. */
  varint64(): bigint {
    // Most are small, and numbers are made at a fraction of what a bigint costs.
    const small = this.smallVarint();
    if (small !== null) return BigInt(small);
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.at >= this.end) throw new MalformedProtobuf('truncated varint');
      const byte = this.bytes[this.at++]!;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, result);
    }
    throw new MalformedProtobuf('varint longer than 10 bytes');
  }

  /** A varint of at most four bytes; null, and nothing read, where it is longer. */
  private smallVarint(): number | null {
    const { bytes, at } = this;
    let result = 0;
    for (let i = 0; i < 4 && at + i < this.end; i++) {
      const byte = bytes[at + i]!;
      result |= (byte & 0x7f) << (7 * i);
      if (byte >= 0x80) continue;
      this.at = at + i + 1;
      return result;
    }
    return null;
  }

  fixed64(): bigint {
    const low = this.fixed32();
    return (BigInt(this.fixed32()) << 32n) | BigInt(low);
  }

  fixed32(): number {
    const { bytes, at } = this;
    if (at + 4 > this.end) throw new MalformedProtobuf('truncated fixed32');
    this.at = at + 4;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
  }

  double(): number {
    if (this.at + 8 > this.end) throw new MalformedProtobuf('truncated double');
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, 8);
    this.at += 8;
    return view.getFloat64(0, true);
  }

  /** The end of a length-delimited value that begins here; moves to its first byte. */
  limit(): number {
    const length = this.varint32();
    const end = this.at + length;
    if (end > this.end) throw new MalformedProtobuf('length runs past the end');
    return end;
  }

  /** A length-delimited value, as a view. */
  slice(): Uint8Array {
    const end = this.limit();
    const view = this.bytes.subarray(this.at, end);
    this.at = end;
    return view;
  }

  text(): string {
    const end = this.limit();
    const text = texts.decode(this.bytes, this.at, end);
    this.at = end;
    return text;
  }

  /** A reader over a length-delimited value; this one moves past it. */
  message(): ProtobufReader {
    const end = this.limit();
    const inner = new ProtobufReader(this.bytes, this.at, end);
    this.at = end;
    return inner;
  }

  /** Passes over the value of the field that `next` named. Groups (deprecated, wire types 3 and 4) are malformed here. */
  skip(): void {
    switch (this.wireType) {
      case 0:
        this.varint32();
        return;
      case 1:
        this.advance(8);
        return;
      case 2:
        this.at = this.limit();
        return;
      case 5:
        this.advance(4);
        return;
      default:
        throw new MalformedProtobuf(`wire type ${this.wireType}`);
    }
  }

  private advance(bytes: number): void {
    this.at += bytes;
    if (this.at > this.end) throw new MalformedProtobuf('truncated value');
  }
}
