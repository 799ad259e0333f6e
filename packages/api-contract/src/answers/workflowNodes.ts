import { DELIVERY_STATUSES, LOG_PLACES, SEVERITIES } from '@upshot/model';
import { Type } from 'typebox';
import { FurtherSpanIds, Nano, NodeId, Nullable, TraceId, UnixNano } from './scalars.js';

export const DeliveryStatus = Type.Enum([...DELIVERY_STATUSES], {
  title: 'DeliveryStatus',
  description:
    'The state of one branch. `recovered` is success after at least one failed attempt; `missing` is a consumer that ' +
    'was expected and did not react.',
});

export const FailureCause = Type.Object(
  { type: Type.String(), message: Type.String() },
  { title: 'FailureCause', description: 'What went wrong, as the telemetry says it.' },
);

export const LogLine = Type.Object(
  {
    timeUnixNano: UnixNano('When.'),
    severity: Type.Enum([...SEVERITIES]),
    eventName: Nullable(Type.String({ description: 'The name of the event; null for a plain line.' })),
    text: Type.String({ description: 'Its body, cut to 1,000 characters.' }),
    service: Type.String(),
    traceId: Nullable(Type.String()),
    spanId: Nullable(Type.String()),
    placedBy: Type.Enum([...LOG_PLACES], {
      description:
        '`span`: written in a span of the node. `event-id`: it names the event. `trace`, `correlation-id`: it names no more ' +
        'than these, and stands at the node of its service that was under way at its time, or began last before.',
    }),
  },
  { title: 'LogLine', description: 'One log record, as a node shows it.' },
);

/** Of nodes that have log records. */
const NodeLogs = {
  logs: Type.Optional(
    Type.Array(LogLine, {
      description: 'Log records: the gravest 20, by time. Left out where there are none.',
    }),
  ),
  logsOmitted: Type.Optional(Type.Integer({ description: 'How many more there are.' })),
};

export const EventNode = Type.Object(
  {
    id: NodeId('The node.'),
    eventId: Nullable(Type.String({ description: 'The ID of this one event record.' })),
    eventName: Type.String(),
    kind: Type.Enum(['event', 'dead-letter', 'replay']),
    producer: Type.String({ description: 'The service that published it; "" where unknown.' }),
    destination: Nullable(Type.String({ description: 'Topic, queue or exchange.' })),
    system: Nullable(Type.String({ description: 'The broker, as `messaging.system` names it.' })),
    correlationId: Nullable(Type.String({ description: 'What this event itself declared.' })),
    causationId: Nullable(Type.String({ description: 'The event that it says caused it.' })),
    traceId: TraceId,
    spanId: Nullable(Type.String()),
    timeUnixNano: UnixNano('The start of its producer span.'),
    environment: Type.String({ description: '"" where none was declared.' }),
    error: Type.Optional({
      ...FailureCause,
      description: 'Why it was never published, where its publish failed and nobody received it.',
    }),
    spanIds: FurtherSpanIds,
    ...NodeLogs,
  },
  { title: 'EventNode', description: 'One concrete published record.' },
);

export const DeliveryNode = Type.Object(
  {
    id: NodeId('The node.'),
    event: NodeId('The event that was delivered.'),
    consumer: Type.String(),
    attempts: Type.Array(NodeId('An attempt.'), { description: 'In order.' }),
    status: DeliveryStatus,
    spanIds: FurtherSpanIds,
  },
  { title: 'DeliveryNode', description: 'One event for one consumer: a branch of a fan-out.' },
);

export const AttemptNode = Type.Object(
  {
    id: NodeId('The node.'),
    delivery: NodeId('The delivery that was tried.'),
    number: Type.Integer({ minimum: 1, description: 'From 1.' }),
    step: Type.String({ description: 'Its business step.' }),
    service: Type.String(),
    outcome: Type.Enum(['running', 'succeeded', 'failed', 'skipped']),
    error: Nullable(FailureCause),
    startTimeUnixNano: UnixNano('Start.'),
    endTimeUnixNano: Nullable(UnixNano('End; null while it runs.')),
    waitNano: Nullable(
      Nano(
        'First attempt: its start less the event’s time. Later ones: the back-off, their start less the end of the one ' +
          'before. Null where clock skew makes it negative.',
      ),
    ),
    traceId: TraceId,
    spanId: Nullable(Type.String()),
    spanIds: FurtherSpanIds,
    ...NodeLogs,
  },
  { title: 'AttemptNode', description: 'One try of a consumer to process a delivery.' },
);

export const StepNode = Type.Object(
  {
    id: NodeId('The node.'),
    parent: Nullable(NodeId('The node that called it.')),
    step: Type.String(),
    service: Type.String(),
    layer: Type.Enum(['business', 'transport']),
    spanKind: Type.Enum(['internal', 'server', 'client', 'producer', 'consumer']),
    startTimeUnixNano: UnixNano('Start.'),
    endTimeUnixNano: UnixNano('End.'),
    error: Nullable(FailureCause),
    traceId: TraceId,
    spanId: Type.String(),
    spanIds: FurtherSpanIds,
    ...NodeLogs,
  },
  { title: 'StepNode', description: 'A unit of work below an attempt or at the root.' },
);
