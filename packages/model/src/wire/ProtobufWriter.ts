/** Writes protobuf's wire format into one growing buffer: what OTLP/JSON needs to become the bytes that OTLP/protobuf already is. */
export class ProtobufWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(capacity = 1024) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  get length(): number {
    return this.at;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return new Uint8Array(this.view());
  }

  /** What was written, without a copy: valid until the next write. */
  view(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  clear(): void {
    this.at = 0;
  }

  /** Takes back all that was written since `length` had this value. Not from within a nested message that began after it. */
  truncate(length: number): void {
    this.at = Math.min(this.at, length);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.at + bytes));
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
    this.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), this.at);
    this.at += 8;
  }

  fixed32(value: number): void {
    this.reserve(4);
    this.buffer.writeUInt32LE(value >>> 0, this.at);
    this.at += 4;
  }

  double(value: number): void {
    this.reserve(8);
    this.buffer.writeDoubleLE(value, this.at);
    this.at += 8;
  }

  /** A length-delimited field. */
  bytes(field: number, value: Uint8Array): void {
    this.tag(field, 2);
    this.varint(value.length);
    this.raw(value);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.tag(field, 2);
    this.varint(length);
    this.reserve(length);
    this.buffer.write(value, this.at, length, 'utf8');
    this.at += length;
  }

  /** Bytes that are already encoded fields. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.at);
    this.at += value.length;
  }

  /** A nested message: what `write` writes. Its length is known only afterwards, so longer ones are moved to make room for it. */
  message(field: number, write: (inner: ProtobufWriter) => void): void {
    this.tag(field, 2);
    this.reserve(1);
    const start = ++this.at;
    write(this);
    const length = this.at - start;
    if (length < 128) {
      this.buffer[start - 1] = length;
      return;
    }
    let extra = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra++;
    this.reserve(extra);
    this.buffer.copyWithin(start + extra, start, this.at);
    this.at = start - 1;
    this.varint(length);
    this.at += length;
  }
}
