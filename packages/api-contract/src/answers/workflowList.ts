import { Type } from 'typebox';
import { Nullable, UnixNano } from './scalars.js';
import { FindingKind, WorkflowStatus } from './workflowGraph.js';
import { DeliveryStatus } from './workflowNodes.js';

export const WorkflowCounts = Type.Object(
  {
    events: Type.Integer(),
    deliveries: Type.Integer(),
    attempts: Type.Integer(),
    attemptsFailed: Type.Integer(),
    failed: Type.Integer({ description: 'Deliveries failed or dead-lettered.' }),
    findings: Type.Integer(),
  },
  { title: 'WorkflowCounts', description: 'Of the whole workflow, even where its graph is truncated.' },
);

export const WorkflowRow = Type.Object(
  {
    key: Type.String(),
    status: WorkflowStatus,
    startTimeUnixNano: UnixNano('The earliest start.'),
    endTimeUnixNano: UnixNano('The latest end.'),
    rootName: Type.String({ description: 'What started it.' }),
    rootService: Type.String(),
    counts: WorkflowCounts,
    shape: Type.Array(Type.Array(DeliveryStatus), {
      description: 'States of the branches by distance from the root, at most 5 × 12.',
    }),
    topFinding: Nullable(Type.Object({ kind: FindingKind, step: Type.String(), message: Type.String() })),
  },
  { title: 'WorkflowRow', description: 'One line of the list of workflows.' },
);

export const WorkflowList = Type.Object(
  {
    workflows: Type.Array(WorkflowRow, { description: 'Newest first.' }),
    nextCursor: Nullable(
      Type.String({ description: 'Give it as `cursor` for the next page; null where there is none.' }),
    ),
    asOf: UnixNano('The moment for which this page holds.'),
  },
  {
    title: 'WorkflowList',
    description: 'A page that was scanned without filling returns what it has, and a `nextCursor`.',
  },
);
export type WorkflowList = Type.Static<typeof WorkflowList>;

export const Histogram = Type.Object(
  {
    buckets: Type.Array(
      Type.Object({
        fromUnixNano: UnixNano('Inclusive.'),
        toUnixNano: UnixNano('Exclusive.'),
        counts: Type.Record(Type.String(), Type.Integer(), {
          description: 'Workflows by state; states of which there are none are left out.',
        }),
      }),
      { description: 'All spans of the time asked for, in order.' },
    ),
    asOf: UnixNano('The moment for which this holds.'),
    complete: Type.Boolean({
      description:
        'False where `attr` or `q` ask for what has to be looked for, and time ran out, or where notes do not say it yet.',
    }),
  },
  { title: 'Histogram', description: 'How many workflows began when, by state.' },
);
export type Histogram = Type.Static<typeof Histogram>;
