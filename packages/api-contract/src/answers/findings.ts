import { Type } from 'typebox';
import { Nullable, UnixNano } from './scalars.js';
import { Finding, FindingKind, Hop } from './workflowGraph.js';

export const FoundFinding = Type.Object(
  {
    ...Finding.properties,
    key: Type.String({ description: 'The workflow in which it stands.' }),
    timeUnixNano: UnixNano('When that workflow began.'),
    group: Type.String({ description: 'The `id` of its group.' }),
  },
  { title: 'FoundFinding' },
);

export const FindingFeed = Type.Object(
  {
    findings: Type.Array(FoundFinding, { description: 'Those of the newest workflow first.' }),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'FindingFeed' },
);

export const Mute = Type.Object(
  {
    reason: Type.String(),
    untilUnixNano: Nullable(UnixNano('Null: until it is unmuted.')),
  },
  { title: 'Mute' },
);

export const FindingGroup = Type.Object(
  {
    id: Type.String({ description: '16 hex digits.' }),
    kind: FindingKind,
    hop: Nullable(Hop),
    message: Type.String(),
    severity: Finding.properties.severity,
    count: Type.Integer({ description: 'Workflows.' }),
    firstSeenUnixNano: UnixNano('When the first of these workflows began.'),
    lastSeenUnixNano: UnixNano('When the last one began.'),
    keys: Type.Array(Type.String(), { description: 'Some of these workflows, the latest first.' }),
    muted: Nullable(Mute),
    trend: Type.Array(
      Type.Object({
        fromUnixNano: UnixNano('Inclusive.'),
        toUnixNano: UnixNano('Exclusive.'),
        count: Type.Integer({ description: 'Workflows that began in it.' }),
      }),
      { description: 'By time; periods without any are left out.' },
    ),
  },
  { title: 'FindingGroup', description: 'All findings of one cause.' },
);

export const FindingGroups = Type.Object(
  {
    groups: Type.Array(FindingGroup, { description: 'The worst first.' }),
    nextCursor: Nullable(Type.String()),
  },
  { title: 'FindingGroups' },
);
