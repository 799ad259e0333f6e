import { StorageError } from '@upshot/storage';

/** Reads ClickHouse's `Native` format as the engine answers with it (client revision 0: no block info, no sparse columns). */
export class NativeReader {
  at = 0;
  private readonly view: DataView;

  readonly bytes: Uint8Array;

  constructor(answer: Uint8Array) {
    // As a plain array: a Buffer's slice() does not copy, and whoever gets the columns may rely on that.
    const bytes = new Uint8Array(answer.buffer, answer.byteOffset, answer.length);
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Below 2^53, which lengths of one answer always are. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw cutShort();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  uint64(): number {
    const at = this.take(8);
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 0x1_0000_0000;
  }

  /** The next `length` bytes, sharing the answer's memory. */
  slice(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A String value, sharing the answer's memory. */
  string(): Uint8Array {
    return this.slice(this.varint());
  }

  text(): string {
    return textOf(this.string());
  }

  private take(length: number): number {
    const at = this.at;
    this.at += length;
    if (this.at > this.bytes.length) throw cutShort();
    return at;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** UTF-8; a byte order mark is kept, as any other character. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

function cutShort(): StorageError {
  return new StorageError('internal', 'The engine sent an answer that was cut short.');
}
