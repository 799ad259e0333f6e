import fc from 'fast-check';

/** How a consumer's span is tied to its producer's. */
export type Mode = 'parent' | 'link' | 'both';
/** Which generation of attribute names. */
export type Names = 'old' | 'middle' | 'new';

/** What one consumer does with an event: its tries, and what it publishes at its last. */
export interface Delivery {
  readonly consumer: string;
  /** Failed tries before the last. */
  readonly failures: number;
  readonly lastFails: boolean;
  readonly step: boolean;
  readonly publishes: readonly Event[];
}

export interface Event {
  readonly name: string;
  readonly deliveries: readonly Delivery[];
}

/** One action and what it leads to. */
export interface Plan {
  readonly correlated: boolean;
  readonly events: readonly Event[];
}

const names = ['orders', 'payments', 'shipments', 'mails', 'stock'];

function eventAt(depth: number): fc.Arbitrary<Event> {
  const publishes =
    depth >= 2 ? fc.constant([]) : fc.array(fc.memo(() => eventAt(depth + 1))(1), { maxLength: 2 });
  return fc.record({
    name: fc.constantFrom(...names),
    deliveries: fc.uniqueArray(
      fc.record({
        consumer: fc.constantFrom('billing', 'mail', 'stock', 'ledger', 'fraud'),
        failures: fc.nat(2),
        lastFails: fc.boolean(),
        step: fc.boolean(),
        publishes,
      }),
      { maxLength: 3, selector: ({ consumer }) => consumer },
    ),
  });
}

export const plans: fc.Arbitrary<Plan> = fc.record({
  correlated: fc.boolean(),
  events: fc.array(eventAt(0), { minLength: 1, maxLength: 2 }),
});

type Json = { [key: string]: unknown };

/** A span as OTLP/JSON, with the service that sent it. */
export interface SentSpan {
  readonly service: string;
  readonly span: Json & { traceId: string; spanId: string };
}

const START = 1_795_000_000_000_000_000n;
export const NOW = START + 3_600_000_000_000n;

/** A plan carried out: the spans that instrumentations in this mode and with these names would have sent. */
export function carryOut(plan: Plan, mode: Mode, generation: Names, seed = 1): SentSpan[] {
  const spans: SentSpan[] = [];
  let count = 0;
  let clock = START + BigInt(seed) * 1_000_000_000n;
  const id = (length: number) => {
    count++;
    return (BigInt(seed) * 1_000_003n + BigInt(count) * 7_919n + 1n)
      .toString(16)
      .padStart(length, '0')
      .slice(-length);
  };
  const tick = () => {
    clock += 5_000_000n;
    return clock;
  };
  const correlation = plan.correlated ? `order_${seed}` : null;
  const trace = id(32);
  const root = id(16);
  const rootStart = tick();

  const publish = (event: Event, service: string, traceId: string, parent: string): void => {
    const spanId = id(16);
    const messageId = `evt-${seed}-${spanId}`;
    spans.push(
      sent(service, {
        traceId,
        spanId,
        parentSpanId: parent,
        name: generation === 'old' ? `${event.name} send` : `send ${event.name}`,
        kind: 4,
        start: tick(),
        end: clock + 1_000_000n,
        attributes: attributes(generation, event.name, 'publish', messageId, correlation),
      }),
    );
    for (const delivery of event.deliveries) {
      for (let attempt = 0; attempt <= delivery.failures; attempt++) {
        const last = attempt === delivery.failures;
        const fails = !last || delivery.lastFails;
        const own = mode === 'link' ? id(32) : traceId;
        const attemptId = id(16);
        const start = tick();
        if (delivery.step) {
          spans.push(
            sent(delivery.consumer, {
              traceId: own,
              spanId: id(16),
              parentSpanId: attemptId,
              name: `do-${event.name}`,
              kind: 1,
              start: tick(),
              end: clock + 500_000n,
              attributes: {},
            }),
          );
        }
        if (last) for (const next of delivery.publishes) publish(next, delivery.consumer, own, attemptId);
        spans.push(
          sent(delivery.consumer, {
            traceId: own,
            spanId: attemptId,
            parentSpanId: mode === 'link' ? '' : spanId,
            links: mode === 'parent' ? [] : [{ traceId, spanId }],
            name: generation === 'old' ? `${event.name} process` : `process ${event.name}`,
            kind: 5,
            start,
            end: tick(),
            status: fails ? { code: 2, message: 'HTTP 503' } : { code: 0 },
            attributes: attributes(generation, event.name, 'process', messageId, correlation),
          }),
        );
      }
    }
  };
  for (const event of plan.events) publish(event, 'shop', trace, root);
  spans.push(
    sent('shop', {
      traceId: trace,
      spanId: root,
      name: 'place-order',
      kind: 2,
      start: rootStart,
      end: tick(),
      attributes: {},
    }),
  );
  return spans;
}

function sent(
  service: string,
  {
    start,
    end,
    attributes,
    ...span
  }: Json & { traceId: string; spanId: string; start: bigint; end: bigint; attributes: Json },
): SentSpan {
  return {
    service,
    span: {
      ...span,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(end),
      attributes: keyValues(attributes),
    },
  };
}

function attributes(
  generation: Names,
  destination: string,
  operation: 'publish' | 'process',
  messageId: string,
  correlation: string | null,
): Json {
  const conversation = correlation === null ? {} : { correlation };
  const said = { destination, operation, messageId, ...conversation };
  const keys = KEYS[generation];
  return Object.fromEntries([
    [keys.system, 'kafka'],
    ...Object.entries(said).flatMap(([concept, value]): [string, string][] => {
      const key = keys[concept as keyof typeof said];
      if (key === undefined || (generation === 'old' && value === 'publish')) return [];
      return [[key, generation === 'new' && value === 'publish' ? 'send' : (value as string)]];
    }),
  ]);
}

const KEYS = {
  old: {
    system: 'messaging.system',
    destination: 'messaging.destination',
    operation: 'messaging.operation',
    messageId: 'messaging.message_id',
    correlation: 'messaging.conversation_id',
  },
  middle: {
    system: 'messaging.system',
    destination: 'messaging.destination.name',
    operation: 'messaging.operation',
    messageId: 'messaging.message.id',
    correlation: 'messaging.message.conversation_id',
  },
  new: {
    system: 'messaging.system.name',
    destination: 'messaging.destination.name',
    operation: 'messaging.operation.type',
    messageId: 'messaging.message.id',
    correlation: 'messaging.message.conversation_id',
  },
} as const;

function keyValues(attributes: Json): Json[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/** Spans as the body of one export. */
export function exportOf(spans: readonly SentSpan[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceSpans: spans.map(({ service, span }) => ({
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [{ scope: { name: 'fleet' }, spans: [span] }],
      })),
    }),
  );
}
