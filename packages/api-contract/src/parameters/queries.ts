import { FINDING_KINDS, WORKFLOW_STATUSES } from '@upshot/model';
import { Type } from 'typebox';

const DEFAULT_LIST_LIMIT = 50;
const DEFAULT_GRAPH_LIMIT = 20_000;

const Text = (description: string) => Type.Optional(Type.String({ description, maxLength: 1024 }));

const Cursor = Type.Optional(
  Type.String({ description: 'The `nextCursor` of the page before, unchanged.', maxLength: 8192 }),
);

const Time = (description: string) =>
  Type.Optional(
    Type.String({
      description: `${description} Unix nanoseconds, ISO 8601, or a duration back from now (\`15m\`, \`2h\`, \`14d\`).`,
      maxLength: 64,
      examples: ['15m', '2026-09-21T14:00:00Z', '1790000000000000000'],
    }),
  );

const GraphLimit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: DEFAULT_GRAPH_LIMIT,
    description: 'Nodes in one answer; the rest pages by `cursor`.',
  }),
);

/** `GET /api/workflows`. A workflow passes where each filter given holds for any part of it. */
export const WorkflowListQuery = Type.Object({
  status: Type.Optional(
    Type.Array(Type.Enum([...WORKFLOW_STATUSES]), {
      description: 'Any of these states: repeated, or separated by commas.',
      maxItems: 16,
    }),
  ),
  event: Text('The name of an event in it.'),
  consumer: Text('A consumer in it.'),
  service: Text('A service in it.'),
  environment: Text('The environment of an event in it; given and empty: none declared.'),
  attr: Type.Optional(
    Type.Array(Type.String({ pattern: '^[^:].*:', maxLength: 1024 }), {
      description:
        '`KEY:VALUE` of an attribute of one of its spans, resources or records; repeated: all of them.',
      maxItems: 16,
    }),
  ),
  q: Text('An ID of it, or a part of a name or an error in it.'),
  since: Time('Started at or after this.'),
  until: Time('Started before this.'),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_LIST_LIMIT,
      description: 'Workflows on one page.',
    }),
  ),
  cursor: Cursor,
});
export type WorkflowListQuery = Type.Static<typeof WorkflowListQuery>;

const { limit: _limit, cursor: _cursor, ...filters } = WorkflowListQuery.properties;

/** `GET /api/histogram`: the list's filters. */
export const HistogramQuery = Type.Object({
  ...filters,
  buckets: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: 60,
      description: 'Into how many spans the time is divided.',
    }),
  ),
});
export type HistogramQuery = Type.Static<typeof HistogramQuery>;

/** `GET /api/live/ended`: the list's filters, without its times: what ends is new. */
export const EndedQuery = Type.Object({
  status: filters.status,
  event: filters.event,
  consumer: filters.consumer,
  service: filters.service,
  environment: filters.environment,
  attr: filters.attr,
  q: filters.q,
});
export type EndedQuery = Type.Static<typeof EndedQuery>;

/** `GET /api/workflows/{key}`. */
export const WorkflowQuery = Type.Object({
  format: Type.Optional(
    Type.Enum(['json', 'text'], {
      default: 'json',
      description: '`text` answers what `upshot show` prints.',
    }),
  ),
  limit: GraphLimit,
  cursor: Cursor,
});
export type WorkflowQuery = Type.Static<typeof WorkflowQuery>;

/** `GET /api/workflows/{key}/live`. */
export const LiveQuery = Type.Object({ limit: GraphLimit });
export type LiveQuery = Type.Static<typeof LiveQuery>;

/** `GET /api/workflows/{key}/spans`. */
export const SpansQuery = Type.Object({ limit: GraphLimit, cursor: Cursor });
export type SpansQuery = Type.Static<typeof SpansQuery>;

/** `GET /api/events/{eventId}`. */
export const EventQuery = Type.Object({ limit: GraphLimit });
export type EventQuery = Type.Static<typeof EventQuery>;

/** `GET /api/propagation`, `GET /api/topology`. */
export const RangeQuery = Type.Object({
  since: Time('Of workflows that began at or after this.'),
  until: Time('Of workflows that began before this.'),
});
export type RangeQuery = Type.Static<typeof RangeQuery>;

const Kind = Type.Optional(Type.Enum([...FINDING_KINDS], { description: 'Findings of this kind alone.' }));

/** `GET /api/findings`. */
export const FindingsQuery = Type.Object({
  kind: Kind,
  ...RangeQuery.properties,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_LIST_LIMIT,
      description: 'Findings on one page.',
    }),
  ),
  cursor: Cursor,
});
export type FindingsQuery = Type.Static<typeof FindingsQuery>;

/** `GET /api/findings/groups`. */
export const FindingGroupsQuery = Type.Object({ kind: Kind, ...RangeQuery.properties });
export type FindingGroupsQuery = Type.Static<typeof FindingGroupsQuery>;

/** The body of `PUT /api/findings/groups/{id}/mute`. */
export const MuteBody = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Why nobody need hear of it.' }),
    untilUnixNano: Type.Optional(
      Type.Union([Type.String({ pattern: '^[0-9]{1,20}$' }), Type.Null()], {
        description: 'When it is heard of again; null or left out: when it is unmuted.',
      }),
    ),
    for: Type.Optional(
      Type.String({ maxLength: 64, description: 'Instead of `untilUnixNano`, a duration from now: `7d`.' }),
    ),
  },
  { title: 'MuteBody' },
);
export type MuteBody = Type.Static<typeof MuteBody>;

/** Calls without parameters. */
export const NoQuery = Type.Object({});

export const LIMITS = { list: DEFAULT_LIST_LIMIT, graph: DEFAULT_GRAPH_LIMIT, buckets: 60 } as const;
