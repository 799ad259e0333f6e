/**
 * Spans as columns: what the receiver fills, ClickHouse serialises and memory reads. Row `i` of each column belongs to span `i`.
 * Everything that look-up does not need stays as the protobuf bytes in which it came (`tails`, `sources`): copied, never re-encoded.
 */
export interface SpanBatch {
  readonly rows: number;
  /** 16 bytes a row. */
  readonly traceIds: Uint8Array;
  /** 8 bytes a row. */
  readonly spanIds: Uint8Array;
  /** 8 bytes a row; all zero for a span without a parent. */
  readonly parentSpanIds: Uint8Array;
  /** UInt64, little-endian, 8 bytes a row: Unix nanoseconds. */
  readonly starts: Uint8Array;
  /** Int64, little-endian, 8 bytes a row: end less start in nanoseconds, negative where the sender said so. */
  readonly durations: Uint8Array;
  /** OTLP SpanKind, one byte a row. */
  readonly kinds: Uint8Array;
  /** OTLP StatusCode, one byte a row. */
  readonly statuses: Uint8Array;
  /**
   * Where workflows begin, one byte a row. 1: here, for all that this span says (no parent, and no link where it consumes). 2: here only if what it
   * continues has not arrived (a consumer with a link or parent, a server or another span with a remote parent). 0: not here.
   */
  readonly entries: Uint8Array;
  readonly names: DictionaryColumn<string>;
  readonly services: DictionaryColumn<string>;
  /** Encoded as `encodeSource` does. */
  readonly sources: DictionaryColumn<Uint8Array>;
  /** The remaining fields of OTLP's Span message, as they came: attributes, events, links, status, flags, trace state, unknown ones. */
  readonly tails: BytesColumn;
  readonly keys: KeysColumn;
}

/** Values that repeat: row `i` has `values[indexes[i]]`. */
export interface DictionaryColumn<T> {
  readonly values: readonly T[];
  readonly indexes: Uint32Array;
}

/** Row `i` is `bytes[ends[i - 1] ?? 0, ends[i])`. */
export interface BytesColumn {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** Look-up keys: row `i` has the keys `[ends[i - 1] ?? 0, ends[i])`, each two halves in `halves`, low first. */
export interface KeysColumn {
  readonly halves: Uint32Array;
  readonly ends: Uint32Array;
}
