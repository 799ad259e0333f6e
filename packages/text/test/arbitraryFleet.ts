import {
  FINDING_KINDS,
  type FindingGroup,
  type FoundFinding,
  type Hop,
  type HopHealth,
  type Propagation,
  type Topology,
} from '@upshot/model';
import fc, { type Arbitrary } from 'fast-check';

const FAULTS = ['producer', 'consumer', 'broker', 'nobody', 'unknown'] as const;
const SEVERITIES = ['info', 'warning', 'error'] as const;

const time = fc
  .oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 10n ** 10n }))
  .map(String);
const count = fc.oneof(fc.nat(), fc.nat({ max: 3 }), fc.maxSafeNat());

function maybe<T>(arbitrary: Arbitrary<T>): Arbitrary<T | null> {
  return fc.option(arbitrary, { nil: null });
}

/** Names from a few, so that hops share events and producers. */
function place(text: Arbitrary<string>) {
  return {
    producer: text,
    eventName: text,
    destination: maybe(text),
    environment: fc.oneof(fc.constant(''), text),
  };
}

/** Any answer of the right shape, with telemetry's texts from `text`. */
export function arbitraryPropagation(text: Arbitrary<string>): Arbitrary<Propagation> {
  const period = fc.record({
    fromUnixNano: time,
    toUnixNano: time,
    declared: count,
    stitched: count,
    unlinked: count,
  });
  const hop = fc.record<HopHealth>({
    ...place(text),
    consumer: text,
    deliveries: count,
    declared: count,
    stitched: count,
    unlinked: count,
    broken: count,
    state: fc.constantFrom('whole', 'broken', 'mended'),
    fault: fc.constantFrom(...FAULTS),
    proof: text,
    fix: text,
    others: fc.constant([]),
    examples: fc.array(text, { maxLength: 3 }),
    exampleOf: fc.constant({}),
    firstSeenUnixNano: time,
    lastSeenUnixNano: time,
    lastWholeUnixNano: maybe(time),
    brokenSince: maybe(fc.record({ unixNano: time, service: text, version: text, versionBefore: text })),
    workflowsCut: count,
    trend: fc.array(period, { maxLength: 5 }),
  });
  const own = fc.record<Propagation['faults'][number]>({
    ...place(text),
    sentence: text,
    fault: fc.constantFrom(...FAULTS),
    consumers: fc.array(text, { maxLength: 4 }),
    workflows: count,
    sinceUnixNano: time,
    fix: text,
    examples: fc.array(text, { maxLength: 3 }),
  });
  return fc
    .record({
      hops: fc.array(hop, { maxLength: 6 }),
      faults: fc.array(own, { maxLength: 3 }),
      asOf: time,
      sampledOneIn: fc.nat({ max: 256 }),
    })
    .map((propagation) => ({
      ...propagation,
      // One fault that its hops show, so that what is said of both is met.
      faults: [
        ...propagation.faults,
        ...propagation.hops
          .filter(({ state }) => state === 'broken')
          .slice(0, 1)
          .map(({ producer, eventName, destination, environment, fault, consumer }) => ({
            ...{ producer, eventName, destination, environment, fault },
            consumers: [consumer],
            sentence: consumer,
            workflows: 1,
            sinceUnixNano: propagation.asOf,
            fix: '',
            examples: [],
          })),
      ],
    }));
}

export function arbitraryTopology(text: Arbitrary<string>): Arbitrary<Topology> {
  const quantiles = fc.record({ p50: maybe(time), p99: maybe(time) });
  const rate = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double());
  const consumer = fc.record({
    consumer: text,
    steps: fc.array(text, { maxLength: 3 }),
    deliveries: count,
    rate,
    failed: count,
    deadLettered: count,
    recovered: count,
    attempts: count,
    attemptsFailed: count,
    waitNano: quantiles,
    workNano: quantiles,
  });
  const event = fc.record({
    eventName: text,
    environment: fc.oneof(fc.constant(''), text),
    producers: fc.array(text, { maxLength: 12 }),
    destinations: fc.array(text, { maxLength: 3 }),
    systems: fc.array(text, { maxLength: 2 }),
    published: count,
    rate,
    consumers: fc.array(consumer, { maxLength: 4 }),
  });
  return fc.record({ events: fc.array(event, { maxLength: 5 }), asOf: time });
}

function arbitraryHop(text: Arbitrary<string>): Arbitrary<Hop> {
  return fc.record({ producer: text, eventName: text, destination: maybe(text), consumer: text });
}

export function arbitraryFindings(text: Arbitrary<string>): Arbitrary<FoundFinding[]> {
  return fc.array(
    fc.record<FoundFinding>(
      {
        kind: fc.constantFrom(...FINDING_KINDS),
        severity: fc.constantFrom(...SEVERITIES),
        message: text,
        nodes: fc.array(text, { maxLength: 2 }),
        fix: text,
        alike: fc.record({ count, firstSeenUnixNano: time }),
        key: text,
        timeUnixNano: time,
        group: text,
      },
      { requiredKeys: ['kind', 'severity', 'message', 'nodes', 'key', 'timeUnixNano', 'group'] },
    ),
    { maxLength: 5 },
  );
}

export function arbitraryGroups(text: Arbitrary<string>): Arbitrary<FindingGroup[]> {
  return fc.array(
    fc.record<FindingGroup>({
      id: text,
      kind: fc.constantFrom(...FINDING_KINDS),
      hop: maybe(arbitraryHop(text)),
      message: text,
      severity: fc.constantFrom(...SEVERITIES),
      count,
      firstSeenUnixNano: time,
      lastSeenUnixNano: time,
      keys: fc.array(text, { maxLength: 3 }),
      muted: maybe(fc.record({ reason: text, untilUnixNano: maybe(time) })),
      trend: fc.array(fc.record({ fromUnixNano: time, toUnixNano: time, count }), { maxLength: 3 }),
    }),
    { maxLength: 5 },
  );
}

export function arbitraryConventions(text: Arbitrary<string>) {
  return fc.record({
    traceConventions: fc.dictionary(
      text,
      fc.oneof(text, fc.array(text), fc.boolean(), fc.dictionary(text, fc.jsonValue())),
    ),
    services: fc.array(
      fc.record({
        service: text,
        checked: count,
        compliant: count,
        score: fc.double({ min: 0, max: 1e9, noNaN: true }),
        trend: fc.double({ min: -1, max: 1, noNaN: true }),
        rules: fc.array(fc.record({ rule: text, count, examples: fc.array(text, { maxLength: 3 }) }), {
          maxLength: 3,
        }),
      }),
      { maxLength: 4 },
    ),
  });
}
