import { StorageError } from '@upshot/storage';
import { NativeReader, textOf } from './NativeReader.js';

/** Values that repeat, as ClickHouse's LowCardinality(String) sends them. */
export interface Dictionary {
  readonly values: readonly Uint8Array[];
  readonly indexes: Uint32Array;
}

/** Strings of one column: row `i` is `bytes[starts[i], ends[i])` of the answer. */
export interface Strings {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Arrays of fixed-width values: row `i` is the items `[ends[i - 1] ?? 0, ends[i])`. */
export interface Arrays {
  readonly ends: Uint32Array;
  readonly items: Uint8Array;
}

/** One block of an answer. Columns share the answer's memory and are read by name with the type that the caller expects. */
export class NativeBlock {
  constructor(
    readonly answer: Uint8Array,
    readonly rows: number,
    private readonly columns: ReadonlyMap<string, Uint8Array | Dictionary | Strings | Arrays>,
  ) {}

  fixed(name: string): Uint8Array {
    const column = this.columns.get(name);
    return column instanceof Uint8Array ? column : wrong(name);
  }

  dictionary(name: string): Dictionary {
    const column = this.columns.get(name);
    return column !== undefined && 'indexes' in column ? column : wrong(name);
  }

  strings(name: string): Strings {
    const column = this.columns.get(name);
    return column !== undefined && 'starts' in column ? column : wrong(name);
  }

  /** Value `row` of a String column. */
  text(name: string, row: number): string {
    const { starts, ends } = this.strings(name);
    return textOf(this.answer.subarray(starts[row]!, ends[row]!));
  }

  /** Value `row` of a UInt64 column. */
  uint64(name: string, row: number): bigint {
    const column = this.fixed(name);
    return new DataView(column.buffer, column.byteOffset + row * 8, 8).getBigUint64(0, true);
  }

  arrays(name: string): Arrays {
    const column = this.columns.get(name);
    return column !== undefined && 'items' in column ? column : wrong(name);
  }

  /** Value `row` of a UInt64 column as a number; exact below 2^53. */
  count(name: string, row: number): number {
    return Number(this.uint64(name, row));
  }
}

function wrong(name: string): never {
  throw new StorageError('internal', `The engine's answer has no column ${name} of the expected type.`);
}

/** All blocks of an answer that hold rows. */
export function readBlocks(answer: Uint8Array): NativeBlock[] {
  const reader = new NativeReader(answer);
  const blocks: NativeBlock[] = [];
  while (!reader.done) {
    const columnCount = reader.varint();
    const rows = reader.varint();
    const columns = new Map<string, Uint8Array | Dictionary | Strings | Arrays>();
    for (let i = 0; i < columnCount; i++) {
      const name = reader.text();
      const type = reader.text();
      if (rows > 0) columns.set(name, readColumn(reader, type, rows));
    }
    if (rows > 0) blocks.push(new NativeBlock(reader.bytes, rows, columns));
  }
  return blocks;
}

const WIDTHS: { readonly [type: string]: number } = {
  UInt8: 1,
  UInt16: 2,
  UInt32: 4,
  Int32: 4,
  UInt64: 8,
  Int64: 8,
  Date: 2,
  'FixedString(8)': 8,
  'FixedString(16)': 16,
};

function readColumn(reader: NativeReader, type: string, rows: number) {
  const width = WIDTHS[type];
  if (width !== undefined) return reader.slice(rows * width);
  if (type === 'String') return readStrings(reader, rows);
  if (type === 'LowCardinality(String)') return readDictionary(reader, rows);
  const itemWidth = WIDTHS[/^Array\((.+)\)$/.exec(type)?.[1] ?? ''];
  if (itemWidth !== undefined) {
    const ends = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) ends[row] = reader.uint64();
    return { ends, items: reader.slice(ends[rows - 1]! * itemWidth) };
  }
  throw new StorageError('internal', `The engine sent a column of the unexpected type ${type}.`);
}

function readStrings(reader: NativeReader, rows: number): Strings {
  const starts = new Uint32Array(rows);
  const ends = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const length = reader.varint();
    starts[row] = reader.at;
    reader.slice(length);
    ends[row] = reader.at;
  }
  return { starts, ends };
}

/** The low byte of the flags says how wide the indexes are: 1, 2, 4 or 8 bytes. Native always sends keys and no shared dictionary. */
function readDictionary(reader: NativeReader, rows: number): Dictionary {
  reader.uint64();
  const indexBytes = 1 << (reader.uint64() & 0xff);
  const values: Uint8Array[] = [];
  for (let left = reader.uint64(); left > 0; left--) values.push(reader.string());
  const count = reader.uint64();
  const raw = reader.slice(count * indexBytes);
  const indexes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    let index = 0;
    for (let byte = Math.min(indexBytes, 4) - 1; byte >= 0; byte--)
      index = index * 256 + raw[row * indexBytes + byte]!;
    indexes[row] = index;
  }
  return { values, indexes };
}
