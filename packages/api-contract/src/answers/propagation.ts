import { Type } from 'typebox';
import { Nullable, UnixNano } from './scalars.js';

const AS_OF = 'Up to when what was received is counted.';

const Fault = Type.Enum(['producer', 'consumer', 'broker', 'nobody', 'unknown'], {
  description:
    'Whose change mends it; `nobody` where it is whole, or where what carries the messages has no headers.',
});

const Count = (description: string) => Type.Integer({ minimum: 0, description });

export const HopHealth = Type.Object(
  {
    producer: Type.String({ description: '"" where unknown.' }),
    eventName: Type.String(),
    destination: Nullable(Type.String()),
    consumer: Type.String(),
    environment: Type.String(),
    deliveries: Count('`declared` + `stitched` + `unlinked`.'),
    declared: Count('Joined by parent or link.'),
    stitched: Count('Joined by message ID, causation ID or broker position.'),
    unlinked: Count('Joined by correlation ID or a guess, or not at all.'),
    broken: Count(
      'Lost their context: without what event records told, and what names a parent that has not arrived.',
    ),
    state: Type.Enum(['whole', 'broken', 'mended']),
    fault: Fault,
    proof: Type.String({ description: 'The evidence, in one sentence.' }),
    fix: Type.String({
      description: 'What to change, for the library and release at fault; "" where nothing needs mending.',
    }),
    others: Type.Array(
      Type.Object({ consumer: Type.String(), declared: Type.Integer(), deliveries: Type.Integer() }),
      { description: 'Other consumers of the same event.' },
    ),
    examples: Type.Array(Type.String(), { description: 'Keys of workflows, one of each sort.' }),
    exampleOf: Type.Object({
      declared: Type.Optional(Type.String()),
      stitched: Type.Optional(Type.String()),
      unlinked: Type.Optional(Type.String()),
    }),
    firstSeenUnixNano: UnixNano('The first workflow that went over this hop.'),
    lastSeenUnixNano: UnixNano('The last one.'),
    lastWholeUnixNano: Nullable(UnixNano('The last one in which the context was carried over.')),
    brokenSince: Nullable(
      Type.Object({
        unixNano: UnixNano('The first delivery that was cut.'),
        service: Type.String(),
        version: Type.String({ description: '`service.version` with which it began; "" where not told.' }),
        versionBefore: Type.String({
          description: 'The version with which it was whole; "" where not known.',
        }),
      }),
    ),
    workflowsCut: Count('Workflows that were cut here.'),
    trend: Type.Array(
      Type.Object({
        fromUnixNano: UnixNano('Inclusive.'),
        toUnixNano: UnixNano('Exclusive.'),
        declared: Type.Integer(),
        stitched: Type.Integer(),
        unlinked: Type.Integer(),
      }),
      { description: 'By time; periods without deliveries are left out.' },
    ),
  },
  { title: 'HopHealth', description: 'Propagation over one hop: producer → event → destination → consumer.' },
);

export const PropagationFault = Type.Object(
  {
    sentence: Type.String(),
    fault: Fault,
    producer: Type.String(),
    eventName: Type.String(),
    destination: Nullable(Type.String()),
    environment: Type.String(),
    consumers: Type.Array(Type.String()),
    workflows: Count('Workflows that it cuts, at the least.'),
    sinceUnixNano: UnixNano('The first that was cut.'),
    fix: Type.String(),
    examples: Type.Array(Type.String()),
  },
  { title: 'PropagationFault', description: 'One cause of broken propagation, over all hops that it cuts.' },
);

export const Propagation = Type.Object(
  {
    hops: Type.Array(HopHealth, { description: 'The worst first.' }),
    faults: Type.Array(PropagationFault, { description: 'The worst first.' }),
    asOf: UnixNano(AS_OF),
    sampledOneIn: Type.Integer({
      description:
        'Where more was received than could be counted: of what came after `asOf`, one workflow in so many.',
    }),
  },
  { title: 'Propagation' },
);

const Quantiles = Type.Object(
  {
    p50: Nullable(Type.String({ description: 'Nanoseconds.' })),
    p99: Nullable(Type.String({ description: 'Nanoseconds.' })),
  },
  { title: 'Quantiles', description: 'Within 2 % of the true ones; null where none was measured.' },
);

export const TopologyConsumer = Type.Object(
  {
    consumer: Type.String(),
    steps: Type.Array(Type.String()),
    deliveries: Type.Integer(),
    rate: Type.Number({ description: 'Deliveries a second.' }),
    failed: Count('Failed for good or dead-lettered.'),
    deadLettered: Type.Integer(),
    recovered: Type.Integer(),
    attempts: Type.Integer(),
    attemptsFailed: Type.Integer(),
    waitNano: Quantiles,
    workNano: Quantiles,
  },
  { title: 'TopologyConsumer' },
);

export const TopologyEvent = Type.Object(
  {
    eventName: Type.String(),
    environment: Type.String(),
    producers: Type.Array(Type.String()),
    destinations: Type.Array(Type.String()),
    systems: Type.Array(Type.String()),
    published: Type.Integer(),
    rate: Type.Number({ description: 'Events a second.' }),
    consumers: Type.Array(TopologyConsumer),
  },
  { title: 'TopologyEvent' },
);

export const Topology = Type.Object(
  { events: Type.Array(TopologyEvent), asOf: UnixNano(AS_OF) },
  { title: 'Topology', description: 'Which events go to whom.' },
);
