/** Writes protobuf's wire format into one growing buffer: what OTLP/JSON needs to become the bytes that OTLP/protobuf already is. */
export class ProtobufWriter {
  private buffer: Uint8Array;
  private at = 0;

  constructor(capacity = 1024) {
    this.buffer = new Uint8Array(capacity);
  }

  get length(): number {
    return this.at;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }

  clear(): void {
    this.at = 0;
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.at + bytes));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
  }

  tag(field: number, wireType: number): void {
    this.varint(((field << 3) | wireType) >>> 0);
  }

  /** A varint of an unsigned number up to 2^53 or of a bigint (as 64-bit two's complement). */
  varint(value: number | bigint): void {
    this.reserve(10);
    if (typeof value === 'number' && value >= 0 && value <= 0xffffffff) {
      let rest = value >>> 0;
      for (; rest > 127; rest >>>= 7) this.buffer[this.at++] = (rest & 127) | 128;
      this.buffer[this.at++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.buffer[this.at++] = Number(rest & 127n) | 128;
    this.buffer[this.at++] = Number(rest);
  }

  fixed64(value: bigint): void {
    this.reserve(8);
    new DataView(this.buffer.buffer, this.at, 8).setBigUint64(0, BigInt.asUintN(64, value), true);
    this.at += 8;
  }

  fixed32(value: number): void {
    this.reserve(4);
    new DataView(this.buffer.buffer, this.at, 4).setUint32(0, value, true);
    this.at += 4;
  }

  double(value: number): void {
    this.reserve(8);
    new DataView(this.buffer.buffer, this.at, 8).setFloat64(0, value, true);
    this.at += 8;
  }

  /** A length-delimited field. */
  bytes(field: number, value: Uint8Array): void {
    this.tag(field, 2);
    this.varint(value.length);
    this.raw(value);
  }

  text(field: number, value: string): void {
    this.bytes(field, encoder.encode(value));
  }

  /** Bytes that are already encoded fields. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  /** A nested message, written by `write` into a writer of its own. */
  message(field: number, write: (inner: ProtobufWriter) => void): void {
    const inner = new ProtobufWriter(128);
    write(inner);
    this.bytes(field, inner.buffer.subarray(0, inner.at));
  }
}

const encoder = new TextEncoder();
