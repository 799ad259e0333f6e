/** What becomes of the context on one hop. */
export type Loss = 'none' | 'producer' | 'consumer' | 'bridge';

export interface ConsumerPlan {
  readonly name: string;
  readonly system: string;
  /** Joined by links instead of parents. */
  readonly links: boolean;
  /** This consumer does not extract. */
  readonly loses: boolean;
  /** The chance of a failed try before the one that succeeds. */
  readonly retries: boolean;
}

export interface EventPlan {
  readonly name: string;
  readonly producer: string;
  readonly destination: string;
  readonly system: string;
  readonly loss: Loss;
  /** From which workflow on the loss holds, with a new version of the side at fault; 0: ever since. */
  readonly from: number;
  /** To which workflow, exclusive; null: until now. */
  readonly to: number | null;
  /** What messages carry beside the context. */
  readonly ids: 'message-id' | 'correlation' | 'nothing';
  readonly consumers: readonly ConsumerPlan[];
}

/** Services, what they publish, who consumes it, and where the context is lost: the truth that answers are held against. */
export interface FleetPlan {
  readonly workflows: number;
  /** Between two workflows, nanoseconds. */
  readonly stepNano: bigint;
  readonly events: readonly EventPlan[];
}

type Attribute = { key: string; value: { stringValue: string } };

export interface FleetSpan {
  readonly service: string;
  readonly version: string;
  readonly span: { readonly traceId: string; readonly spanId: string; readonly [key: string]: unknown };
}

export const START = 1_795_000_000_000_000_000n;

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });

/** The spans of one workflow after another. Each event of the plan is published by a root action of its own producer. */
export function* spansOf(plan: FleetPlan, seed = 1): Generator<FleetSpan[]> {
  let count = seed * 10_000_000;
  const id = (length: number) => {
    count++;
    return ((BigInt(count) * 0x9e3779b97f4a7c15n) & ((1n << 128n) - 1n))
      .toString(16)
      .padStart(length, '0')
      .slice(-length);
  };
  for (let at = 0; at < plan.workflows; at++) {
    const start = START + BigInt(at) * plan.stepNano;
    yield plan.events.flatMap((event) => workflowOf(event, at, start, id));
  }
}

export function isLost({ from, to, loss }: EventPlan, at: number): boolean {
  return loss !== 'none' && at >= from && (to === null || at < to);
}

export function losesAt(event: EventPlan, consumer: ConsumerPlan, at: number): boolean {
  if (!isLost(event, at)) return false;
  if (event.loss === 'producer') return true;
  if (event.loss === 'bridge') return consumer.system !== event.system;
  return consumer.loses;
}

function workflowOf(
  event: EventPlan,
  at: number,
  start: bigint,
  id: (length: number) => string,
): FleetSpan[] {
  const traceId = id(32);
  const [root, sent, message] = [id(16), id(16), id(16)];
  const lost = isLost(event, at);
  const changed = (side: Loss) => (event.from > 0 && event.loss === side && lost ? '2.0.0' : '1.4.1');
  const about = (operation: string, system: string) => [
    text('messaging.system', system),
    text('messaging.destination.name', event.destination),
    text('messaging.operation.type', operation),
    text('upshot.event', event.name),
    ...(event.ids === 'message-id' ? [text('messaging.message.id', `m-${message}`)] : []),
    ...(event.ids === 'correlation' ? [text('messaging.message.conversation_id', `order-${message}`)] : []),
  ];
  const span = (
    service: string,
    version: string,
    offsetMs: number,
    rest: { readonly traceId: string; readonly spanId: string; readonly [key: string]: unknown },
  ): FleetSpan => {
    const begin = start + BigInt(offsetMs) * 1_000_000n;
    return {
      service,
      version,
      span: { startTimeUnixNano: String(begin), endTimeUnixNano: String(begin + 5_000_000n), ...rest },
    };
  };
  const spans = [
    span(event.producer, changed('producer'), 0, {
      traceId,
      spanId: root,
      name: `start-${event.name}`,
      kind: 2,
      attributes: [],
    }),
    span(event.producer, changed('producer'), 1, {
      traceId,
      spanId: sent,
      parentSpanId: root,
      name: `send ${event.destination}`,
      kind: 4,
      attributes: about('send', event.system),
    }),
  ];
  for (const consumer of event.consumers) {
    const cut = losesAt(event, consumer, at);
    const own = cut || consumer.links ? id(32) : traceId;
    const context = cut
      ? {}
      : consumer.links
        ? { links: [{ traceId, spanId: sent }] }
        : { parentSpanId: sent };
    const version = consumer.loses ? changed('consumer') : '1.4.1';
    const tries = consumer.retries && at % 3 === 0 ? 2 : 1;
    for (let attempt = 1; attempt <= tries; attempt++) {
      const fails = attempt < tries;
      spans.push(
        span(consumer.name, version, 10 * attempt, {
          traceId: own,
          spanId: id(16),
          name: `process ${event.destination}`,
          kind: 5,
          ...context,
          ...(fails ? { status: { code: 2, message: 'HTTP 503' } } : {}),
          attributes: [
            ...about('process', consumer.system),
            text('messaging.consumer.group.name', consumer.name),
          ],
        }),
      );
    }
  }
  return spans;
}

/** Spans as the body of one export. */
export function exportOf(spans: readonly FleetSpan[]): Buffer {
  return Buffer.from(
    JSON.stringify({
      resourceSpans: spans.map(({ service, version, span }) => ({
        resource: {
          attributes: [
            text('service.name', service),
            text('service.version', version),
            text('telemetry.sdk.language', 'nodejs'),
          ],
        },
        scopeSpans: [
          { scope: { name: '@opentelemetry/instrumentation-kafkajs', version: '0.32.0' }, spans: [span] },
        ],
      })),
    }),
  );
}
