import { ProtobufReader } from '@upshot/model';

/** Where a span's fixed 64-bit time stands, as an offset into the file. */
export interface TimeField {
  readonly at: number;
  readonly isEnd: boolean;
}

/** A part of an encoded message. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** The spans of one scope of one resource, with the encoded fields around them. */
export interface ScopeSlices {
  /** Of ResourceSpans: all fields but scope_spans. */
  readonly resource: readonly Slice[];
  /** Of ScopeSpans: all fields but spans. */
  readonly scope: readonly Slice[];
  /** Spans, without tag and length. */
  readonly spans: readonly Slice[];
}

/**
 * Walks an encoded ExportTraceServiceRequest (opentelemetry.proto.collector.trace.v1; TracesData has the same encoding).
 * Field numbers: resource_spans 1, ResourceSpans.scope_spans 2, ScopeSpans.spans 2. Throws `MalformedProtobuf`.
 */
export function* scopesInProtobuf(bytes: Uint8Array): Generator<ScopeSlices> {
  for (const resource of parts(bytes, { start: 0, end: bytes.length }, 1).inner) {
    const { inner: scopes, around } = parts(bytes, resource, 2);
    for (const scope of scopes) {
      const { inner: spans, around: fields } = parts(bytes, scope, 2);
      yield { resource: around, scope: fields, spans };
    }
  }
}

/** The times of an encoded Span: start 7, end 8, and those of its events (11): time 1. */
export function* timesOfSpan(bytes: Uint8Array, span: Slice): Generator<TimeField> {
  const reader = new ProtobufReader(bytes, span.start, span.end);
  while (reader.next()) {
    const { field, wireType, at } = reader;
    if ((field === 7 || field === 8) && wireType === 1) yield { at, isEnd: field === 8 };
    if (field === 11 && wireType === 2) {
      const event = reader.message();
      while (event.next()) {
        if (event.field === 1 && event.wireType === 1) yield { at: event.at, isEnd: false };
        event.skip();
      }
    } else reader.skip();
  }
}

/** Splits a message into the values of one of its fields and everything else, tags included. */
function parts(bytes: Uint8Array, { start, end }: Slice, field: number): { inner: Slice[]; around: Slice[] } {
  const reader = new ProtobufReader(bytes, start, end);
  const inner: Slice[] = [];
  const around: Slice[] = [];
  for (let from = reader.at; reader.next(); from = reader.at) {
    if (reader.field === field && reader.wireType === 2) {
      const limit = reader.limit();
      inner.push({ start: reader.at, end: limit });
      reader.at = limit;
    } else {
      reader.skip();
      around.push({ start: from, end: reader.at });
    }
  }
  return { inner, around };
}
