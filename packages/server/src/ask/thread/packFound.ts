import type { Found, SpanBatch } from '@upshot/model';

/**
 * Rows on their way to another thread: all columns in one buffer of their own, which is moved, not copied, between threads. Copying the
 * columns together first costs a memcpy and asks nothing of the store, whose columns may be views of memory that it keeps.
 */
interface PackedRows {
  readonly rows: number;
  readonly buffer: ArrayBuffer;
  /** Bytes of each column, in the order of `columnsOf`. */
  readonly lengths: readonly number[];
  readonly names: readonly string[];
  readonly services: readonly string[];
  readonly sourceLengths: readonly number[];
}

export interface PackedFound extends Omit<Found, 'spans' | 'logs'> {
  readonly spans: PackedRows;
  readonly logs: PackedRows;
}

export function packFound({ spans, logs, ...rest }: Found): PackedFound {
  return { ...rest, spans: packRows(spans), logs: packRows(logs) };
}

export function unpackFound({ spans, logs, ...rest }: PackedFound): Found {
  return { ...rest, spans: unpackRows(spans), logs: unpackRows(logs) };
}

/** What is moved with a message. */
export function buffersOf({ spans, logs }: PackedFound): ArrayBuffer[] {
  return [spans.buffer, logs.buffer];
}

function packRows(spans: SpanBatch): PackedRows {
  const columns = columnsOf(spans);
  const lengths = columns.map((column) => column.byteLength);
  const packed = new Uint8Array(lengths.reduce((sum, length) => sum + padded(length), 0));
  let at = 0;
  for (const column of columns) {
    packed.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += padded(column.byteLength);
  }
  return {
    rows: spans.rows,
    buffer: packed.buffer,
    lengths,
    names: spans.names.values,
    services: spans.services.values,
    sourceLengths: spans.sources.values.map((source) => source.byteLength),
  };
}

function unpackRows(packed: PackedRows): SpanBatch {
  const { rows, buffer, lengths, names, services, sourceLengths } = packed;
  let at = 0;
  let index = 0;
  const bytes = (): Uint8Array => {
    const length = lengths[index++]!;
    const column = new Uint8Array(buffer, at, length);
    at += padded(length);
    return column;
  };
  const words = (): Uint32Array => {
    const column = bytes();
    return new Uint32Array(buffer, column.byteOffset, column.byteLength / 4);
  };
  return {
    rows,
    traceIds: bytes(),
    spanIds: bytes(),
    parentSpanIds: bytes(),
    starts: bytes(),
    durations: bytes(),
    kinds: bytes(),
    statuses: bytes(),
    entries: bytes(),
    names: { values: names, indexes: words() },
    services: { values: services, indexes: words() },
    sources: { indexes: words(), values: sourceLengths.map(() => bytes()) },
    tails: { ends: words(), bytes: bytes() },
    keys: { ends: words(), halves: words() },
  };
}

function columnsOf(spans: SpanBatch): (Uint8Array | Uint32Array)[] {
  return [
    spans.traceIds,
    spans.spanIds,
    spans.parentSpanIds,
    spans.starts,
    spans.durations,
    spans.kinds,
    spans.statuses,
    spans.entries,
    spans.names.indexes,
    spans.services.indexes,
    spans.sources.indexes,
    ...spans.sources.values,
    spans.tails.ends,
    spans.tails.bytes,
    spans.keys.ends,
    spans.keys.halves,
  ];
}

/** Words must begin at a multiple of 4, and 8 leaves room for wider ones. */
function padded(length: number): number {
  return (length + 7) & ~7;
}
