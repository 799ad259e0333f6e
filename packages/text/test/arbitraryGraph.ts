import {
  type AttemptNode,
  CAUSE_KINDS,
  type Cause,
  DELIVERY_STATUSES,
  type DeliveryNode,
  EVIDENCE,
  type EventNode,
  FINDING_KINDS,
  type Finding,
  type StepNode,
  WORKFLOW_STATUSES,
  type WorkflowGraph,
} from '@upshot/model';
import fc, { type Arbitrary } from 'fast-check';

const LARGEST = 12;

/** IDs of nodes of every kind, some of which are in no graph. */
const nodeId = fc
  .tuple(fc.constantFrom('e', 'd', 'a', 's', 'gone'), fc.nat({ max: LARGEST }))
  .map(([kind, number]) => kind + number);

const time = fc
  .oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 10n ** 10n }))
  .map(String);

function list<T extends { id: string }>(prefix: string, one: Arbitrary<Omit<T, 'id'>>): Arbitrary<T[]> {
  return fc
    .array(one, { maxLength: LARGEST })
    .map((nodes) => nodes.map((node, index) => ({ ...node, id: `${prefix}${index}` }) as T));
}

/**
 * Any graph of the right shape, with telemetry's texts from `text`: edges and fields lead anywhere, in circles and to nodes that
 * are not there.
 */
export function arbitraryGraph(text: Arbitrary<string>): Arbitrary<WorkflowGraph> {
  const maybe = <T>(arbitrary: Arbitrary<T>) => fc.option(arbitrary, { nil: null });
  const error = maybe(fc.record({ type: text, message: text }));
  return fc.record<WorkflowGraph>({
    key: text,
    correlationIds: fc.array(text, { maxLength: 5 }),
    traceIds: fc.array(text, { maxLength: 5 }),
    status: fc.constantFrom(...WORKFLOW_STATUSES),
    expectations: fc.constantFrom('learned', 'declared', 'unknown'),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    summary: text,
    events: list<EventNode>(
      'e',
      fc.record({
        eventId: maybe(text),
        eventName: text,
        kind: fc.constantFrom('event', 'dead-letter', 'replay'),
        producer: text,
        destination: maybe(text),
        system: maybe(text),
        correlationId: maybe(text),
        causationId: maybe(text),
        traceId: text,
        spanId: maybe(text),
        timeUnixNano: time,
        environment: text,
      }),
    ),
    deliveries: list<DeliveryNode>(
      'd',
      fc.record({
        event: nodeId,
        consumer: text,
        attempts: fc.array(nodeId, { maxLength: 4 }),
        status: fc.constantFrom(...DELIVERY_STATUSES),
      }),
    ),
    attempts: list<AttemptNode>(
      'a',
      fc.record({
        delivery: nodeId,
        number: fc.nat({ max: 5 }),
        step: text,
        service: text,
        outcome: fc.constantFrom('running', 'succeeded', 'failed', 'skipped'),
        error,
        startTimeUnixNano: time,
        endTimeUnixNano: maybe(time),
        waitNano: maybe(time),
        traceId: text,
        spanId: maybe(text),
      }),
    ),
    steps: list<StepNode>(
      's',
      fc.record({
        parent: maybe(nodeId),
        step: text,
        service: text,
        layer: fc.constantFrom('business', 'transport'),
        spanKind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
        startTimeUnixNano: time,
        endTimeUnixNano: time,
        error,
        traceId: text,
        spanId: text,
      }),
    ),
    causes: fc.array(
      fc.record<Cause>({
        from: nodeId,
        to: nodeId,
        kind: fc.constantFrom(...CAUSE_KINDS),
        evidence: fc.array(fc.constantFrom(...EVIDENCE), { maxLength: 3 }),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 30 },
    ),
    findings: fc.array(
      fc.record<Finding>(
        {
          kind: fc.constantFrom(...FINDING_KINDS),
          severity: fc.constantFrom('info', 'warning', 'error'),
          message: text,
          nodes: fc.array(nodeId, { maxLength: 3 }),
          fix: text,
          alike: fc.record({ count: fc.nat(), firstSeenUnixNano: time }),
        },
        { requiredKeys: ['kind', 'severity', 'message', 'nodes'] },
      ),
      { maxLength: 4 },
    ),
    criticalPath: fc.array(nodeId, { maxLength: 6 }),
    truncated: maybe(fc.record({ reason: text, shown: fc.nat(), total: fc.nat(), nextCursor: maybe(text) })),
  });
}
