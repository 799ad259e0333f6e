import type {
  AttemptNode,
  Cause,
  CauseKind,
  DeliveryNode,
  DeliveryStatus,
  EventNode,
  Evidence,
  Finding,
  StepNode,
  WorkflowGraph,
} from '@upshot/model';

/** 2026-11-23 08:02:11.412 UTC. */
export const START = 1_795_420_931_412_000_000n;
export const MS = 1_000_000n;
export const SECOND = 1_000n * MS;
const TRACE = '8f2e61b09c4d7a3358e1f0c2ab943d10';

/** Builds graphs by hand, with times in milliseconds after the start. Each method returns the ID of the node it added. */
export class GraphBuilder {
  readonly events: EventNode[] = [];
  readonly deliveries: DeliveryNode[] = [];
  readonly attempts: AttemptNode[] = [];
  readonly steps: StepNode[] = [];
  readonly causes: Cause[] = [];
  readonly findings: Finding[] = [];

  at(ms: number): string {
    return (START + BigInt(Math.round(ms * 1000)) * 1000n).toString();
  }

  step(step: string, service: string, from: number, to: number, more: Partial<StepNode> = {}): string {
    const id = `s${this.steps.length}`;
    this.steps.push({
      id,
      parent: null,
      step,
      service,
      layer: 'business',
      spanKind: 'internal',
      startTimeUnixNano: this.at(from),
      endTimeUnixNano: this.at(to),
      error: null,
      traceId: TRACE,
      spanId: id,
      ...more,
    });
    return id;
  }

  /** An event, published by the node `by` unless that is null. */
  event(
    by: string | null,
    eventName: string,
    ms: number,
    more: Partial<EventNode> = {},
    edge: Partial<Cause> = {},
  ): string {
    const id = `e${this.events.length}`;
    this.events.push({
      id,
      eventId: `evt_${8800 + this.events.length}`,
      eventName,
      kind: 'event',
      producer: 'producer',
      destination: null,
      system: null,
      correlationId: null,
      causationId: null,
      traceId: TRACE,
      spanId: id,
      timeUnixNano: this.at(ms),
      environment: '',
      ...more,
    });
    if (by !== null) this.cause(by, id, 'published', ['parent'], 1, edge);
    return id;
  }

  /** A delivery with its attempts: each [from, to or null, error or null], in milliseconds. */
  delivery(
    event: string,
    consumer: string,
    status: DeliveryStatus,
    tries: readonly (readonly [from: number, to: number | null, error?: string])[] = [],
    more: { step?: string; service?: string; evidence?: Evidence[]; confidence?: number } = {},
  ): string {
    const id = `d${this.deliveries.length}`;
    const attempts: string[] = [];
    let before: bigint | null = BigInt(this.events.find((one) => one.id === event)?.timeUnixNano ?? '0');
    for (const [index, [from, to, error]] of tries.entries()) {
      const attempt = `${id}a${index + 1}`;
      const start = BigInt(this.at(from));
      this.attempts.push({
        id: attempt,
        delivery: id,
        number: index + 1,
        step: more.step ?? '',
        service: more.service ?? consumer,
        outcome: error !== undefined ? 'failed' : to === null ? 'running' : 'succeeded',
        error: error === undefined ? null : { type: 'UpstreamError', message: error },
        startTimeUnixNano: start.toString(),
        endTimeUnixNano: to === null ? null : this.at(to),
        waitNano: before === null || before > start ? null : (start - before).toString(),
        traceId: TRACE,
        spanId: attempt,
      });
      this.cause(
        index === 0 ? id : attempts[index - 1]!,
        attempt,
        index === 0 ? 'attempted' : 'retried',
        ['parent'],
        1,
      );
      before = to === null ? null : BigInt(this.at(to));
      attempts.push(attempt);
    }
    this.deliveries.push({ id, event, consumer, attempts, status });
    this.cause(event, id, 'delivered', more.evidence ?? ['parent'], more.confidence ?? 1);
    return id;
  }

  cause(
    from: string,
    to: string,
    kind: CauseKind,
    evidence: readonly Evidence[] = ['parent'],
    confidence = 1,
    more: Partial<Cause> = {},
  ): void {
    this.causes.push({ from, to, kind, evidence, confidence, ...more });
  }

  build(more: Partial<WorkflowGraph> = {}): WorkflowGraph {
    return {
      key: 'order_1003',
      correlationIds: ['order_1003'],
      traceIds: [TRACE],
      status: 'completed',
      expectations: 'learned',
      startTimeUnixNano: START.toString(),
      endTimeUnixNano: START.toString(),
      summary: '',
      events: this.events,
      deliveries: this.deliveries,
      attempts: this.attempts,
      steps: this.steps,
      causes: this.causes,
      findings: this.findings,
      criticalPath: [],
      truncated: null,
      ...more,
    };
  }
}
