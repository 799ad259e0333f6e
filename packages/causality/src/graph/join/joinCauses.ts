import { type Evidence, later } from '@upshot/model';
import type { Reading } from '../../interpret/Reading.js';
import { type Contexts, push } from '../Contexts.js';
import { byStart, startOf } from '../Draft.js';
import { stepOf } from '../makeNodes.js';
import {
  type AttemptDraft,
  connect,
  type EventDraft,
  type GraphDraftNode,
  type StepDraft,
} from '../nodes.js';
import type { Roles } from '../roles.js';
import type { Joined } from './joinConsumers.js';
import { type Doubt, Narrowing } from './Narrowing.js';
import { type Narrowed, narrow } from './narrow.js';

/** Confidence of a publish that is put under an attempt of the same service and correlation, without any context. */
const SAME_SERVICE_CONFIDENCE = 0.6;

export interface Caused {
  readonly steps: StepDraft[];
  /** The nodes that stand for a reading: a batch's span has one attempt per message. */
  readonly nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>;
  /** Publishes that have not been looked for, and that may tell to which message of a batch something belongs. */
  readonly doubts: readonly Doubt[];
}

/**
 * Hangs steps and events under what caused them: their parent's node, the targets of their links, the event that they name as their
 * cause. Under a span that stands for several attempts they hang on each, or on those to which their own IDs narrow it down.
 */
export function joinCauses(
  contexts: Contexts,
  roles: Roles,
  joined: Joined,
  isFetched: (traceId: string) => boolean,
): Caused {
  const nodesOf = new Map<Reading, GraphDraftNode[]>();
  for (const attempt of joined.attempts) push(nodesOf, attempt.reading, attempt);
  for (const [reading, { events }] of joined.publications) nodesOf.set(reading, [...events]);
  for (const [sender, created] of roles.senders) {
    const events = created.flatMap((one) => nodesOf.get(one) ?? []);
    nodesOf.set(sender, events);
    for (const event of events) if (sender.span.spanId !== '') event.spanIds.add(sender.span.spanId);
  }
  for (const [carrier, within] of [...roles.carriers, ...roles.gatherers]) {
    const attempts = within.flatMap((one) => nodesOf.get(one) ?? []);
    nodesOf.set(carrier, attempts);
    for (const attempt of attempts) attempt.spanIds.add(carrier.span.spanId);
  }
  for (const [settle, attempt] of roles.settles) {
    const attempts = nodesOf.get(attempt) ?? [];
    nodesOf.set(settle, attempts);
    for (const node of attempts) node.spanIds.add(settle.span.spanId);
  }
  const steps = roles.steps.map((reading) => {
    const step = stepOf(reading, reading.role !== 'step');
    nodesOf.set(reading, [step]);
    return step;
  });

  const narrowing = new Narrowing(contexts, nodesOf);
  const batches = new Batches(nodesOf, isFetched);
  for (const step of steps) hang(step, step.reading, 'called', contexts, nodesOf, narrowing, batches);
  const published = new Set<EventDraft>();
  for (const { events, reading } of joined.publications.values()) {
    for (const event of events) {
      if (published.has(event)) continue;
      published.add(event);
      hang(event, reading, 'published', contexts, nodesOf, narrowing, batches);
    }
  }
  for (const [event, sender] of joined.publishedBy) {
    for (const node of nodesOf.get(sender) ?? []) connect(node, event, 'published', ['parent'], 1);
  }
  joinByDeclaredCause(joined);
  joinByService(joined);
  return { steps, nodesOf, doubts: narrowing.doubts };
}

/** A batch of more messages than this has edges drawn from those alone whose publish has been looked for. */
const LARGE_BATCH = 64;

/** The attempts for which one span stands. */
interface Batch {
  readonly attempts: readonly AttemptDraft[];
  readonly set: ReadonlySet<AttemptDraft>;
  /** Those from which edges are drawn: thousands of messages with thousands of follow-ups must not become millions of edges. */
  readonly drawn: readonly AttemptDraft[];
  /** Whether some are tries of one delivery: a `receive` within which a message was tried again. */
  readonly retried: boolean;
}

class Batches {
  private readonly known = new Map<Reading, Batch | null>();

  constructor(
    private readonly nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
    private readonly isFetched: (traceId: string) => boolean,
  ) {}

  /** Null for a span that stands for one attempt, or for none. */
  of(reading: Reading): Batch | null {
    let batch = this.known.get(reading);
    if (batch === undefined) {
      const nodes = this.nodesOf.get(reading) ?? [];
      const attempts = nodes.filter((node): node is AttemptDraft => node.type === 'attempt');
      batch =
        attempts.length > 1
          ? {
              attempts,
              set: new Set(attempts),
              drawn: this.drawn(attempts),
              retried: new Set(attempts.map(deliveryKey)).size < attempts.length,
            }
          : null;
      this.known.set(reading, batch);
    }
    return batch;
  }

  private drawn(attempts: readonly AttemptDraft[]): readonly AttemptDraft[] {
    if (attempts.length <= LARGE_BATCH) return attempts;
    return attempts.filter(({ event: { missing } }) => missing === null || this.isFetched(missing.traceId));
  }
}

function deliveryKey({ event, consumer }: AttemptDraft): string {
  return JSON.stringify([event.id, consumer]);
}

/** Of several tries of one delivery the last that had begun: what followed comes from that one. */
function lastTries(attempts: readonly AttemptDraft[], followUp: Reading): AttemptDraft[] {
  const last = new Map<string, AttemptDraft>();
  for (const attempt of [...attempts].sort(byStart)) {
    const key = deliveryKey(attempt);
    if (!last.has(key) || startOf(attempt) <= followUp.span.startTimeUnixNano) last.set(key, attempt);
  }
  return [...last.values()];
}

function hang(
  node: StepDraft | EventDraft,
  reading: Reading,
  kind: 'called' | 'published',
  contexts: Contexts,
  nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
  narrowing: Narrowing,
  batches: Batches,
): void {
  const parent = contexts.parentOf(reading);
  const around = parent === null ? [] : (nodesOf.get(parent) ?? []);
  const batch = parent === null ? null : batches.of(parent);
  if (batch !== null) {
    const candidates = batch.retried ? lastTries(batch.attempts, reading) : batch.attempts;
    const { attempts: owners, by } = narrowing.of(reading, candidates);
    hangUnderSeveral(node, kind, owners, by, batch);
    if (node.type === 'step') node.parent = owners[0]!;
  } else {
    for (const one of around) {
      const owners = ownersBelow(one, reading);
      const evidence: Evidence[] = ['parent'];
      connect(one, node, kind, evidence, around.length > 1 ? 1 / around.length : 1, {
        owners,
        ambiguous: around.length > 1,
      });
    }
    if (node.type === 'step' && around.length > 0) node.parent = around[0]!;
  }
  for (const link of reading.span.links) {
    const target = contexts.at(link);
    if (target === null || target === reading) continue;
    const linked = nodesOf.get(target) ?? [];
    for (const one of linked) {
      if (one === node) continue;
      const several = linked.length > 1;
      connect(one, node, kind, ['link'], several ? 1 / linked.length : 1, { ambiguous: several });
    }
  }
}

function hangUnderSeveral(
  node: StepDraft | EventDraft,
  kind: 'called' | 'published',
  owners: readonly AttemptDraft[],
  by: Narrowed['by'],
  batch: Batch,
): void {
  const all = owners === batch.attempts;
  const set = all ? batch.set : new Set(owners);
  const several = owners.length > 1;
  const evidence: Evidence[] = ['parent', ...(by === null || by === 'key' ? [] : [by])];
  const confidence = several ? 1 / owners.length : by === 'key' ? 0.9 : 1;
  for (const owner of all ? batch.drawn : owners) {
    connect(owner, node, kind, evidence, confidence, { owners: set, ambiguous: several, fresh: true });
  }
}

/** What hangs under a step that several attempts share holds, where its own IDs say so, for some of them alone. */
function ownersBelow(parent: GraphDraftNode, reading: Reading): ReadonlySet<AttemptDraft> | null {
  if (parent.type !== 'step') return null;
  const shared = ownersOf(parent);
  if (shared === null || shared.size <= 1) return shared;
  const { attempts } = narrow(reading, [...shared]);
  return new Set(attempts);
}

function ownersOf(step: StepDraft): ReadonlySet<AttemptDraft> | null {
  let at: GraphDraftNode = step;
  for (let hops = 0; hops < 64 && at.type === 'step'; hops++) {
    const cause: StepDraft['causes'][number] | undefined = at.causes[0];
    if (cause === undefined) return null;
    if (cause.owners !== null) return cause.owners;
    at = cause.from;
  }
  return null;
}

/** Events that name the event which caused them: more evidence where their publish stands under one of its attempts, else the cause. */
function joinByDeclaredCause(joined: Joined): void {
  for (const event of joined.events) {
    const cause = event.causationId;
    if (cause === null || event.unseen !== null) continue;
    const named = joined.index.named(event.environment, cause).filter((one) => one !== event);
    if (named.length === 0) continue;
    const known = event.causes.filter((edge) => causeEvents(edge.from).some((one) => named.includes(one)));
    if (known.length > 0) {
      for (const edge of known) edge.evidence.add('causation-id');
      continue;
    }
    if (event.causes.length > 0) continue;
    const before = named.filter((one) => one.time <= event.time);
    const pick = (before.length > 0 ? before : named).reduce((a, b) => (b.time > a.time ? b : a));
    connect(pick, event, 'published', ['causation-id'], 1);
  }
}

/** The events that an attempt, or a step below one, worked on. */
function causeEvents(node: GraphDraftNode): EventDraft[] {
  let at: GraphDraftNode | undefined = node;
  for (let hops = 0; at !== undefined && hops < 64; hops++) {
    if (at.type === 'attempt') return [at.event];
    if (at.type === 'event') return [at];
    at = at.causes[0]?.from;
  }
  return [];
}

/**
 * A publish that begins a trace of its own, in a service that was working on an event of the same correlation: the context was lost within the
 * service. A guess, where one attempt alone fits.
 */
function joinByService(joined: Joined): void {
  const byService = new Map<string, AttemptDraft[]>();
  for (const attempt of joined.attempts) {
    const correlationId =
      attempt.event.correlationId ?? attempt.message.correlationId ?? attempt.reading.correlationId;
    if (correlationId === null || attempt.reading.service === '') continue;
    push(
      byService,
      JSON.stringify([attempt.reading.environment, attempt.reading.service, correlationId]),
      attempt,
    );
  }
  for (const event of joined.events) {
    const { reading } = event;
    if (reading === null || !reading.stored || event.causes.length > 0 || event.correlationId === null)
      continue;
    if (reading.span.parentSpanId !== '') continue;
    const fitting = (
      byService.get(JSON.stringify([event.environment, reading.service, event.correlationId])) ?? []
    ).filter((attempt) => attempt.event !== event && attempt.reading.span.startTimeUnixNano <= event.time);
    const lastStart = fitting.reduce<bigint>(
      (max, { reading: { span } }) => later(span.startTimeUnixNano, max),
      -1n,
    );
    const latest = fitting.filter(({ reading: { span } }) => span.startTimeUnixNano === lastStart);
    for (const attempt of latest) {
      connect(
        attempt,
        event,
        'published',
        ['correlation-id'],
        Number((SAME_SERVICE_CONFIDENCE / latest.length).toFixed(2)),
        {
          ambiguous: latest.length > 1,
        },
      );
    }
  }
}
