import { LOG_PLACES } from '@upshot/model';
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

const Resource = Type.Object({ attributes: StoredAttributes, schemaUrl: Type.String() });
const Scope = Type.Object({
  name: Type.String(),
  version: Type.String(),
  attributes: StoredAttributes,
  schemaUrl: Type.String(),
});

export const StoredLog = Type.Object(
  {
    traceId: Nullable(Type.String()),
    spanId: Nullable(Type.String()),
    timeUnixNano: UnixNano('When; when it was observed where the sender gave no more.'),
    observedTimeUnixNano: UnixNano('When it was observed.'),
    severityNumber: Type.Integer({ minimum: 0, maximum: 24 }),
    severityText: Type.String(),
    eventName: Type.String({ description: '"" for a plain line.' }),
    body: Type.Unknown({ description: 'As attributes are.' }),
    attributes: StoredAttributes,
    droppedAttributesCount: Type.Integer(),
    flags: Type.Integer(),
    resource: Resource,
    scope: Scope,
  },
  { title: 'StoredLog', description: 'A log record as it was received: nothing judged, nothing mended.' },
);
export type StoredLog = Type.Static<typeof StoredLog>;

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
    resource: Resource,
    scope: Scope,
    logs: Type.Optional(
      Type.Array(StoredLog, { description: 'The log records that were written in it, by time.' }),
    ),
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

export const WorkflowLogs = Type.Object(
  {
    logs: Type.Array(
      Type.Intersect([
        StoredLog,
        Type.Object({
          node: Nullable(
            Type.String({
              description: 'The node of the graph at which it stands; null where it leads to no workflow.',
            }),
          ),
          placedBy: Nullable(Type.Enum([...LOG_PLACES], { description: 'By what it was placed there.' })),
        }),
      ]),
      { description: 'By time.' },
    ),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'WorkflowLogs' },
);
export type WorkflowLogs = Type.Static<typeof WorkflowLogs>;

export const WorkflowExport = Type.Object(
  {
    resourceSpans: Type.Array(Type.Unknown(), {
      description: 'As in an ExportTraceServiceRequest of OTLP/JSON.',
    }),
    resourceLogs: Type.Array(Type.Unknown(), {
      description: 'As in an ExportLogsServiceRequest of OTLP/JSON.',
    }),
    eventRecords: Type.Array(Type.Unknown(), {
      description: 'Event records, as `POST /v1/events` takes them.',
    }),
    cloudEvents: Type.Array(Type.Unknown(), {
      description: 'CloudEvents in their JSON form, without their data.',
    }),
  },
  {
    title: 'WorkflowExport',
    description: 'OTLP/JSON, with the records that OTLP has no form for beside it.',
  },
);
export type WorkflowExport = Type.Static<typeof WorkflowExport>;
