import type { DictionaryColumn, SpanBatch } from '@upshot/model';

/** One row of a batch. */
export interface SpanRow {
  readonly batch: SpanBatch;
  readonly row: number;
}

/** A new batch of the given rows, in their order. Nothing in it shares memory with the batches that the rows came from, but sources. */
export function gatherSpans(rows: readonly SpanRow[]): SpanBatch {
  const count = rows.length;
  const fixed = (width: number, of: (batch: SpanBatch) => Uint8Array): Uint8Array => {
    const column = new Uint8Array(count * width);
    rows.forEach(({ batch, row }, i) => {
      const from = of(batch);
      for (let byte = 0; byte < width; byte++) column[i * width + byte] = from[row * width + byte]!;
    });
    return column;
  };
  return {
    rows: count,
    traceIds: fixed(16, (batch) => batch.traceIds),
    spanIds: fixed(8, (batch) => batch.spanIds),
    parentSpanIds: fixed(8, (batch) => batch.parentSpanIds),
    starts: fixed(8, (batch) => batch.starts),
    durations: fixed(8, (batch) => batch.durations),
    kinds: fixed(1, (batch) => batch.kinds),
    statuses: fixed(1, (batch) => batch.statuses),
    entries: fixed(1, (batch) => batch.entries),
    names: gatherDictionary(
      rows,
      (batch) => batch.names,
      (name) => name,
    ),
    services: gatherDictionary(
      rows,
      (batch) => batch.services,
      (service) => service,
    ),
    sources: gatherDictionary(rows, (batch) => batch.sources, latin1Of),
    tails: gatherTails(rows),
    keys: gatherKeys(rows),
  };
}

/** Where a row's items begin in a column of ends. */
export function startOf(ends: Uint32Array, row: number): number {
  return row === 0 ? 0 : ends[row - 1]!;
}

function gatherDictionary<T>(
  rows: readonly SpanRow[],
  of: (batch: SpanBatch) => DictionaryColumn<T>,
  identity: (value: T) => string,
): DictionaryColumn<T> {
  const values: T[] = [];
  const indexOf = new Map<string, number>();
  const indexes = new Uint32Array(rows.length);
  rows.forEach(({ batch, row }, i) => {
    const column = of(batch);
    const value = column.values[column.indexes[row]!]!;
    const key = identity(value);
    let index = indexOf.get(key);
    if (index === undefined) {
      index = values.length;
      indexOf.set(key, index);
      values.push(value);
    }
    indexes[i] = index;
  });
  return { values, indexes };
}

function gatherTails(rows: readonly SpanRow[]): SpanBatch['tails'] {
  const ends = new Uint32Array(rows.length);
  let length = 0;
  rows.forEach(({ batch, row }, i) => {
    length += batch.tails.ends[row]! - startOf(batch.tails.ends, row);
    ends[i] = length;
  });
  const bytes = new Uint8Array(length);
  rows.forEach(({ batch, row }, i) => {
    bytes.set(
      batch.tails.bytes.subarray(startOf(batch.tails.ends, row), batch.tails.ends[row]!),
      startOf(ends, i),
    );
  });
  return { bytes, ends };
}

function gatherKeys(rows: readonly SpanRow[]): SpanBatch['keys'] {
  const ends = new Uint32Array(rows.length);
  let count = 0;
  rows.forEach(({ batch, row }, i) => {
    count += batch.keys.ends[row]! - startOf(batch.keys.ends, row);
    ends[i] = count;
  });
  const halves = new Uint32Array(count * 2);
  rows.forEach(({ batch, row }, i) => {
    const { halves: from, ends: fromEnds } = batch.keys;
    halves.set(from.subarray(startOf(fromEnds, row) * 2, fromEnds[row]! * 2), startOf(ends, i) * 2);
  });
  return { halves, ends };
}

function latin1Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
