import { CAUSE_KINDS, EVIDENCE, FINDING_KINDS, WORKFLOW_STATUSES } from '@upshot/model';
import { Type } from 'typebox';
import { NodeId, Nullable, UnixNano } from './scalars.js';
import { AttemptNode, DeliveryNode, EventNode, StepNode } from './workflowNodes.js';

export const WorkflowStatus = Type.Enum([...WORKFLOW_STATUSES], {
  title: 'WorkflowStatus',
  description:
    'The first that holds: `failed` (a delivery failed or was dead-lettered and no replay healed it), `retrying`, ' +
    '`in-progress`, `stuck` (a delivery is missing or long overdue), `completed`.',
});

export const FindingKind = Type.Enum([...FINDING_KINDS], { title: 'FindingKind' });

export const Cause = Type.Object(
  {
    from: NodeId('The cause.'),
    to: NodeId('What it led to.'),
    kind: Type.Enum([...CAUSE_KINDS]),
    evidence: Type.Array(Type.Enum([...EVIDENCE]), {
      description: 'All the evidence there is, strongest first.',
    }),
    confidence: Type.Number({
      minimum: 0,
      maximum: 1,
      description: '1 for declared evidence and identity, below 1 for what is only guessed.',
    }),
  },
  { title: 'Cause', description: 'An edge of the graph.' },
);

export const Hop = Type.Object(
  {
    producer: Type.String(),
    eventName: Type.String(),
    destination: Nullable(Type.String()),
    consumer: Type.String(),
  },
  { title: 'Hop', description: 'Producer → event → destination → consumer, over many workflows.' },
);

export const Finding = Type.Object(
  {
    kind: FindingKind,
    severity: Type.Enum(['info', 'warning', 'error']),
    message: Type.String(),
    nodes: Type.Array(NodeId('A node that it is about.')),
    hop: Type.Optional(Hop),
    fix: Type.Optional(Type.String({ description: 'What to change.' })),
    fault: Type.Optional(
      Type.Enum(['producer', 'consumer'], {
        description: 'Of broken causality: the side that loses the context, as far as this workflow tells.',
      }),
    ),
    about: Type.Optional(
      Type.String({
        description:
          'What findings of the same cause have in common, in whichever workflow: no IDs, no counts.',
      }),
    ),
    alike: Type.Optional(
      Type.Object(
        { count: Type.Integer(), firstSeenUnixNano: UnixNano('When the first one was seen.') },
        { description: 'How many share it, over all workflows.' },
      ),
    ),
    convention: Type.Optional(
      Type.Object(
        {
          rule: Type.String({ description: 'Its path in the conventions file: `requiredFields.traceId`.' }),
          service: Type.String({ description: 'Who broke it.' }),
          owner: Nullable(Type.String({ description: 'Who answers for that service.' })),
          names: Type.Array(Type.String(), {
            description: 'Names of the events, steps or attributes that break it.',
          }),
        },
        { description: 'Of a `convention` finding: which rule, and what broke it.' },
      ),
    ),
  },
  { title: 'Finding', description: 'Something that an operator should know.' },
);

export const Truncation = Type.Object(
  {
    reason: Type.String(),
    shown: Type.Integer(),
    total: Type.Integer({ description: 'Events, deliveries, attempts and steps of the whole workflow.' }),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'Truncation', description: 'What the answer leaves out, and how to get at the rest.' },
);

export const WorkflowGraph = Type.Object(
  {
    key: Type.String({
      description: 'The correlation ID where one was declared, else a trace ID, else an event ID.',
    }),
    correlationIds: Type.Array(Type.String()),
    traceIds: Type.Array(Type.String()),
    status: WorkflowStatus,
    expectations: Type.Enum(['learned', 'declared', 'unknown'], {
      description: 'Where it is known from which consumers should react.',
    }),
    startTimeUnixNano: UnixNano('The earliest start.'),
    endTimeUnixNano: UnixNano('The latest end.'),
    summary: Type.String({ description: 'What an operator would read out, one or two sentences.' }),
    events: Type.Array(EventNode),
    deliveries: Type.Array(DeliveryNode),
    attempts: Type.Array(AttemptNode),
    steps: Type.Array(StepNode),
    causes: Type.Array(Cause),
    findings: Type.Array(Finding),
    criticalPath: Type.Array(NodeId('A node.'), { description: 'First to last.' }),
    truncated: Nullable(Truncation),
  },
  { title: 'WorkflowGraph', description: 'One workflow: everything that one initiating action led to.' },
);
