import type { DictionaryColumn, SpanBatch } from '@upshot/model';
import type { Dictionary, NativeBlock, Strings } from './NativeBlock.js';
import { textOf } from './NativeReader.js';

/** The rows of an answer with the columns of `SPAN_COLUMNS`, as one batch. */
export function decodeSpanRows(blocks: readonly NativeBlock[]): SpanBatch {
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const fixed = (name: string) => joined(blocks.map((block) => block.fixed(name)));
  return {
    rows,
    traceIds: fixed('trace_id'),
    spanIds: fixed('span_id'),
    parentSpanIds: fixed('parent_span_id'),
    starts: fixed('start'),
    durations: fixed('duration'),
    kinds: fixed('kind'),
    statuses: fixed('status'),
    entries: fixed('entry'),
    names: dictionary(
      blocks.map((block) => block.dictionary('name')),
      textOf,
    ),
    services: dictionary(
      blocks.map((block) => block.dictionary('service')),
      textOf,
    ),
    sources: dictionary(
      blocks.map((block) => block.dictionary('source')),
      (bytes) => bytes,
    ),
    tails: tails(blocks, rows),
    keys: keys(blocks, rows),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function dictionary<T>(parts: readonly Dictionary[], decode: (bytes: Uint8Array) => T): DictionaryColumn<T> {
  const values: T[] = [];
  const shared = new Map<string, number>();
  const indexes = new Uint32Array(parts.reduce((sum, part) => sum + part.indexes.length, 0));
  let at = 0;
  for (const part of parts) {
    const mapped = new Map<number, number>();
    for (const local of part.indexes) {
      let index = mapped.get(local);
      if (index === undefined) {
        const bytes = part.values[local]!;
        const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
        index = shared.get(key);
        if (index === undefined) {
          index = values.length;
          shared.set(key, index);
          values.push(decode(bytes));
        }
        mapped.set(local, index);
      }
      indexes[at++] = index;
    }
  }
  return { values, indexes };
}

function tails(blocks: readonly NativeBlock[], rows: number): SpanBatch['tails'] {
  const columns: { readonly answer: Uint8Array; readonly strings: Strings }[] = blocks.map((block) => ({
    answer: block.answer,
    strings: block.strings('tail'),
  }));
  let length = 0;
  for (const { strings } of columns)
    for (let row = 0; row < strings.ends.length; row++) length += strings.ends[row]! - strings.starts[row]!;
  const bytes = new Uint8Array(length);
  const ends = new Uint32Array(rows);
  let at = 0;
  let to = 0;
  for (const { answer, strings } of columns) {
    for (let row = 0; row < strings.ends.length; row++) {
      bytes.set(answer.subarray(strings.starts[row]!, strings.ends[row]!), to);
      to += strings.ends[row]! - strings.starts[row]!;
      ends[at++] = to;
    }
  }
  return { bytes, ends };
}

function keys(blocks: readonly NativeBlock[], rows: number): SpanBatch['keys'] {
  const columns = blocks.map((block) => block.arrays('keys'));
  const items = joined(columns.map((column) => column.items));
  // An answer's columns begin anywhere; Uint32Array wants a multiple of four.
  const aligned = items.byteOffset % 4 === 0 ? items : items.slice();
  const ends = new Uint32Array(rows);
  let at = 0;
  let before = 0;
  for (const column of columns) {
    for (const end of column.ends) ends[at++] = before + end;
    before += column.ends[column.ends.length - 1] ?? 0;
  }
  return { halves: new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4), ends };
}
