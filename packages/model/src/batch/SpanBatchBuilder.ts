import { hashKeyInto, type KeyKind } from '../keys/lookupKey.js';
import type { SpanBatch } from './SpanBatch.js';
import { TextDictionary } from './TextDictionary.js';

const INITIAL_ROWS = 1024;
const INITIAL_TAIL_BYTES = 256 * 1024;
/** A row's keys are compared with so many before them: links by the thousand must not cost their square. A key kept twice does no harm. */
const KEYS_COMPARED = 32;

/** A moment in the life of a builder, to which `rollback` returns. */
export interface BatchMark {
  readonly rows: number;
  readonly names: number;
  readonly services: number;
  readonly sources: number;
}

/**
 * Fills a `SpanBatch`. A row is begun, given its IDs, times and keys by writing into the open row's columns, and then either
 * committed or dropped: a span that turns out to be bad after half of it was read leaves no trace. A whole body that turns
 * out to be bad is taken back with `rollback`.
 */
export class SpanBatchBuilder {
  /** Committed rows; the open row has this index. */
  rows = 0;
  traceIds = new Uint8Array(INITIAL_ROWS * 16);
  spanIds = new Uint8Array(INITIAL_ROWS * 8);
  parentSpanIds = new Uint8Array(INITIAL_ROWS * 8);
  starts = new Uint32Array(INITIAL_ROWS * 2);
  durations = new Uint32Array(INITIAL_ROWS * 2);
  kinds = new Uint8Array(INITIAL_ROWS);
  statuses = new Uint8Array(INITIAL_ROWS);
  entries = new Uint8Array(INITIAL_ROWS);
  nameIndexes = new Uint32Array(INITIAL_ROWS);
  serviceIndexes = new Uint32Array(INITIAL_ROWS);
  sourceIndexes = new Uint32Array(INITIAL_ROWS);
  tailEnds = new Uint32Array(INITIAL_ROWS);
  keyEnds = new Uint32Array(INITIAL_ROWS);

  private capacity = INITIAL_ROWS;
  private tail = new Uint8Array(INITIAL_TAIL_BYTES);
  private tailAt = 0;
  private halves = new Uint32Array(INITIAL_ROWS * 8);
  private keyCount = 0;
  private names = new TextDictionary();
  private services = new TextDictionary();
  private sources = new Map<string, number>();
  private sourceBytes: Uint8Array[] = [];
  private sourceByteCount = 0;

  /** Bytes held by the tails: what a flush will write, roughly. */
  get tailBytes(): number {
    return this.tailAt;
  }

  /** Bytes of memory that the builder's columns occupy, filled or not. */
  get capacityBytes(): number {
    return this.capacity * 67 + this.tail.length + this.halves.length * 4;
  }

  /** Bytes that the committed rows take, with the texts and sources to which they refer. */
  get usedBytes(): number {
    const { rows } = this;
    const rowBytes = rows * 67 + (rows === 0 ? 0 : this.tailEnds[rows - 1]! + this.keyEnds[rows - 1]! * 8);
    return rowBytes + this.names.bytes + this.services.bytes + this.sourceByteCount * 2;
  }

  /** Look-up keys of the open row so far. */
  get openKeys(): number {
    return this.keyCount - (this.rows === 0 ? 0 : this.keyEnds[this.rows - 1]!);
  }

  /** Unlike sources so far. */
  get sourceCount(): number {
    return this.sourceBytes.length;
  }

  mark(): BatchMark {
    return {
      rows: this.rows,
      names: this.names.size,
      services: this.services.size,
      sources: this.sourceBytes.length,
    };
  }

  /** Takes back all rows that were committed since `mark`, with what they brought. */
  rollback(mark: BatchMark): void {
    this.rows = mark.rows;
    this.names.truncate(mark.names);
    this.services.truncate(mark.services);
    if (this.sourceBytes.length > mark.sources) {
      for (const source of this.sourceBytes.splice(mark.sources)) this.sourceByteCount -= source.length;
      for (const [key, index] of this.sources) if (index >= mark.sources) this.sources.delete(key);
    }
    this.resetOpenRow();
  }

  /** Empties the builder and keeps its memory for the next batch. Batches that it finished before are void. */
  reset(): void {
    this.rows = 0;
    this.names = new TextDictionary();
    this.services = new TextDictionary();
    this.sources = new Map();
    this.sourceBytes = [];
    this.sourceByteCount = 0;
    this.resetOpenRow();
  }

  private resetOpenRow(): void {
    const { rows } = this;
    this.tailAt = rows === 0 ? 0 : this.tailEnds[rows - 1]!;
    this.keyCount = rows === 0 ? 0 : this.keyEnds[rows - 1]!;
  }

  /** Opens the next row: its fixed-width columns are zeroed, its tail and keys empty. Returns its index. */
  begin(): number {
    if (this.rows === this.capacity) this.grow();
    const row = this.rows;
    for (let i = row * 8; i < row * 8 + 8; i++) this.parentSpanIds[i] = 0;
    this.kinds[row] = 0;
    this.statuses[row] = 0;
    this.entries[row] = 0;
    this.resetOpenRow();
    return row;
  }

  /** Keeps the open row. */
  commit(): void {
    this.tailEnds[this.rows] = this.tailAt;
    this.keyEnds[this.rows] = this.keyCount;
    this.rows++;
  }

  /** Start and end of the open row as the four little-endian halves in which OTLP carries them. */
  setTimes(startLow: number, startHigh: number, endLow: number, endHigh: number): void {
    const at = this.rows * 2;
    this.starts[at] = startLow;
    this.starts[at + 1] = startHigh;
    const low = (endLow - startLow) >>> 0;
    const borrow = endLow >>> 0 < startLow >>> 0 ? 1 : 0;
    this.durations[at] = low;
    this.durations[at + 1] = endHigh - startHigh - borrow;
  }

  /** Appends encoded fields to the open row's tail. */
  appendTail(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.tailAt + length > this.tail.length) {
      const grown = new Uint8Array(Math.max(this.tail.length * 2, this.tailAt + length));
      grown.set(this.tail.subarray(0, this.tailAt));
      this.tail = grown;
    }
    // Not `bytes.subarray`: a Buffer's makes a Buffer, which costs as much as the copy.
    this.tail.set(new Uint8Array(bytes.buffer, bytes.byteOffset + start, length), this.tailAt);
    this.tailAt += length;
  }

  /** Adds a look-up key to the open row. The same key twice in a row is kept once. */
  addKey(kind: KeyKind, bytes: Uint8Array, start: number, end: number): void {
    let at = this.keyCount * 2;
    if (at + 2 > this.halves.length) {
      const grown = new Uint32Array(this.halves.length * 2);
      grown.set(this.halves.subarray(0, at));
      this.halves = grown;
    }
    hashKeyInto(this.halves, at, kind, bytes, start, end);
    const low = this.halves[at]!;
    const high = this.halves[at + 1]!;
    const first = Math.max(this.rows === 0 ? 0 : this.keyEnds[this.rows - 1]! * 2, at - KEYS_COMPARED * 2);
    while (at > first) {
      at -= 2;
      if (this.halves[at] === low && this.halves[at + 1] === high) return;
    }
    this.keyCount++;
  }

  nameIndex(name: string): number {
    return this.names.indexOf(name);
  }

  /** The same for a name given as UTF-8: no string is made of one that was seen before. */
  nameIndexOfBytes(bytes: Uint8Array, start: number, end: number): number {
    return this.names.indexOfBytes(bytes, start, end);
  }

  serviceIndex(service: string): number {
    return this.services.indexOf(service);
  }

  /** The index of an encoded source; equal bytes share one. */
  sourceIndex(source: Uint8Array): number {
    const key = Buffer.from(source.buffer, source.byteOffset, source.length).toString('latin1');
    let index = this.sources.get(key);
    if (index === undefined) {
      index = this.sourceBytes.length;
      this.sources.set(key, index);
      this.sourceBytes.push(source.slice());
      this.sourceByteCount += source.length;
    }
    return index;
  }

  /** The committed rows as a batch. It shares the builder's memory: build no further rows after this. */
  finish(): SpanBatch {
    const rows = this.rows;
    const tailEnd = rows === 0 ? 0 : this.tailEnds[rows - 1]!;
    const keyEnd = rows === 0 ? 0 : this.keyEnds[rows - 1]!;
    return {
      rows,
      traceIds: this.traceIds.subarray(0, rows * 16),
      spanIds: this.spanIds.subarray(0, rows * 8),
      parentSpanIds: this.parentSpanIds.subarray(0, rows * 8),
      starts: bytesOf(this.starts, rows * 2),
      durations: bytesOf(this.durations, rows * 2),
      kinds: this.kinds.subarray(0, rows),
      statuses: this.statuses.subarray(0, rows),
      entries: this.entries.subarray(0, rows),
      names: { values: this.names.values, indexes: this.nameIndexes.subarray(0, rows) },
      services: { values: this.services.values, indexes: this.serviceIndexes.subarray(0, rows) },
      sources: { values: this.sourceBytes, indexes: this.sourceIndexes.subarray(0, rows) },
      tails: { bytes: this.tail.subarray(0, tailEnd), ends: this.tailEnds.subarray(0, rows) },
      keys: { halves: this.halves.subarray(0, keyEnd * 2), ends: this.keyEnds.subarray(0, rows) },
    };
  }

  private grow(): void {
    this.capacity *= 2;
    const n = this.capacity;
    this.traceIds = grownBytes(this.traceIds, n * 16);
    this.spanIds = grownBytes(this.spanIds, n * 8);
    this.parentSpanIds = grownBytes(this.parentSpanIds, n * 8);
    this.starts = grownWords(this.starts, n * 2);
    this.durations = grownWords(this.durations, n * 2);
    this.kinds = grownBytes(this.kinds, n);
    this.statuses = grownBytes(this.statuses, n);
    this.entries = grownBytes(this.entries, n);
    this.nameIndexes = grownWords(this.nameIndexes, n);
    this.serviceIndexes = grownWords(this.serviceIndexes, n);
    this.sourceIndexes = grownWords(this.sourceIndexes, n);
    this.tailEnds = grownWords(this.tailEnds, n);
    this.keyEnds = grownWords(this.keyEnds, n);
  }
}

function bytesOf(words: Uint32Array, count: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, count * 4);
}

function grownBytes(column: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(length);
  grown.set(column);
  return grown;
}

function grownWords(column: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(length);
  grown.set(column);
  return grown;
}
