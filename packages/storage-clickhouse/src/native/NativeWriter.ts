const encoder = new TextEncoder();
const PATTERN = new Uint8Array(8);

/**
 * Grows while ClickHouse's `Native` format is written into it. The memory is kept from one use to the next: the insert path
 * writes some 20 MB a group, and fresh pages cost more than the copy.
 */
export class NativeWriter {
  private buffer: Buffer;
  private at = 0;

  constructor(initialBytes = 1 << 20) {
    this.buffer = Buffer.allocUnsafeSlow(initialBytes);
  }

  get length(): number {
    return this.at;
  }

  reset(): void {
    this.at = 0;
  }

  /** What was written; valid until `reset`. */
  written(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  /** Room for `length` bytes, which the caller fills; the writer moves past them. */
  reserve(length: number): { readonly buffer: Buffer; readonly at: number } {
    const end = this.at + length;
    if (end > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, end));
      this.buffer.copy(grown, 0, 0, this.at);
      this.buffer = grown;
    }
    const at = this.at;
    this.at = end;
    return { buffer: this.buffer, at };
  }

  bytes(bytes: Uint8Array): void {
    const { buffer, at } = this.reserve(bytes.length);
    buffer.set(bytes, at);
  }

  uint64(value: number): void {
    const { buffer, at } = this.reserve(8);
    buffer.writeUInt32LE(value % 0x1_0000_0000, at);
    buffer.writeUInt32LE(Math.floor(value / 0x1_0000_0000), at + 4);
  }

  uint16(value: number): void {
    const { buffer, at } = this.reserve(2);
    buffer.writeUInt16LE(value, at);
  }

  uint32(value: number): void {
    const { buffer, at } = this.reserve(4);
    buffer.writeUInt32LE(value, at);
  }

  int32(value: number): void {
    const { buffer, at } = this.reserve(4);
    buffer.writeInt32LE(value, at);
  }

  /** A UInt64 that needs all its bits. */
  bigint(value: bigint): void {
    const { buffer, at } = this.reserve(8);
    buffer.writeBigUInt64LE(value, at);
  }

  /** One UInt64 for each of so many rows. */
  repeated(value: bigint, rows: number): void {
    const { buffer, at } = this.reserve(rows * 8);
    new BigUint64Array(PATTERN.buffer)[0] = value;
    if (rows > 0) buffer.fill(PATTERN, at, at + rows * 8);
  }

  varint(value: number): void {
    const { buffer, at } = this.reserve(varintLength(value));
    writeVarint(buffer, at, value);
  }

  /** A ClickHouse String: its length as a varint, then its bytes. */
  string(value: string | Uint8Array): void {
    const bytes = typeof value === 'string' ? encoder.encode(value) : value;
    this.varint(bytes.length);
    this.bytes(bytes);
  }

  /** The head of a block: how many columns, how many rows. */
  block(columns: number, rows: number): void {
    this.varint(columns);
    this.varint(rows);
  }

  /** The head of a column. Its values follow. */
  column(name: string, type: string): void {
    this.string(name);
    this.string(type);
  }
}

export function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) length++;
  return length;
}

/** Writes LEB128 and returns where it ended. */
export function writeVarint(buffer: Uint8Array, at: number, value: number): number {
  let rest = value;
  let to = at;
  while (rest >= 0x80) {
    buffer[to++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  buffer[to++] = rest;
  return to;
}
