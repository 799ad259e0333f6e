import { Type } from 'typebox';
import { Nullable, UnixNano } from './scalars.js';

/**
 * What an attribute holds. JSON has no 64-bit integers, no bytes, no NaN: these keep OTLP/JSON's form, `{"intValue": "…"}`
 * beyond 2^53, `{"bytesValue": base64}`, `{"doubleValue": "NaN"}`.
 */
export const StoredAttributes = Type.Record(Type.String(), Type.Unknown(), {
  title: 'StoredAttributes',
  description:
    'By key. Values are JSON; what JSON can’t hold keeps the form of OTLP/JSON: `{"intValue": "…"}` beyond 2^53, ' +
    '`{"bytesValue": "base64"}`, `{"doubleValue": "NaN"}`.',
});

export const StoredSpan = Type.Object(
  {
    traceId: Type.String(),
    spanId: Type.String(),
    parentSpanId: Nullable(Type.String()),
    name: Type.String(),
    kind: Type.Enum(['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']),
    startTimeUnixNano: UnixNano('Start.'),
    endTimeUnixNano: UnixNano('End; before the start where the sender said so.'),
    status: Type.Object({ code: Type.Enum(['unset', 'ok', 'error']), message: Type.String() }),
    traceState: Type.String(),
    flags: Type.Integer(),
    attributes: StoredAttributes,
    events: Type.Array(
      Type.Object({
        timeUnixNano: UnixNano('When.'),
        name: Type.String(),
        attributes: StoredAttributes,
        droppedAttributesCount: Type.Integer(),
      }),
    ),
    links: Type.Array(
      Type.Object({
        traceId: Type.String(),
        spanId: Type.String(),
        traceState: Type.String(),
        flags: Type.Integer(),
        attributes: StoredAttributes,
        droppedAttributesCount: Type.Integer(),
      }),
    ),
    droppedAttributesCount: Type.Integer(),
    droppedEventsCount: Type.Integer(),
    droppedLinksCount: Type.Integer(),
    resource: Type.Object({ attributes: StoredAttributes, schemaUrl: Type.String() }),
    scope: Type.Object({
      name: Type.String(),
      version: Type.String(),
      attributes: StoredAttributes,
      schemaUrl: Type.String(),
    }),
  },
  { title: 'StoredSpan', description: 'A span as it was received: nothing judged, nothing mended.' },
);
export type StoredSpan = Type.Static<typeof StoredSpan>;

export const StoredSpans = Type.Object(
  {
    spans: Type.Array(StoredSpan, { description: 'By start time.' }),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'StoredSpans' },
);
export type StoredSpans = Type.Static<typeof StoredSpans>;
