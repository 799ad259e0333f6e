import { later } from '@upshot/model';
import type { Reading } from '../../interpret/Reading.js';
import { type Contexts, push } from '../Contexts.js';
import { withEvidence } from '../evidence.js';
import { stepOf } from '../makeNodes.js';
import {
  type AttemptDraft,
  connect,
  contextKey,
  type EventDraft,
  type GraphDraftNode,
  type StepDraft,
  standFor,
} from '../nodes.js';
import type { Roles } from '../roles.js';
import { Batches } from './Batches.js';
import { Hanging } from './Hanging.js';
import type { Joined } from './joinConsumers.js';
import { type Doubt, Narrowing } from './Narrowing.js';

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
    for (const event of events) if (sender.span.spanId !== '') standFor(event, sender.span.spanId);
  }
  for (const [carrier, within] of [...roles.carriers, ...roles.gatherers]) {
    const attempts = within.flatMap((one) => nodesOf.get(one) ?? []);
    nodesOf.set(carrier, attempts);
    for (const attempt of attempts) standFor(attempt, carrier.span.spanId);
  }
  for (const [settle, attempt] of roles.settles) {
    const attempts = settledAmong(settle, nodesOf.get(attempt) ?? []);
    nodesOf.set(settle, attempts);
    for (const node of attempts) standFor(node, settle.span.spanId);
  }
  const steps = roles.steps.map((reading) => {
    const step = stepOf(reading, reading.role !== 'step');
    nodesOf.set(reading, [step]);
    return step;
  });

  const narrowing = new Narrowing(contexts, nodesOf);
  const batches = new Batches(nodesOf, isFetched);
  const hanging = new Hanging(contexts, roles.senders, nodesOf, narrowing, batches);
  for (const step of steps) hanging.hang(step, step.reading, 'called');
  const published = new Set<EventDraft>();
  for (const { events, reading } of joined.publications.values()) {
    for (const event of events) {
      if (published.has(event)) continue;
      published.add(event);
      hanging.hang(event, reading, 'published');
    }
  }
  for (const [event, sender] of joined.publishedBy) {
    for (const node of nodesOf.get(sender) ?? []) connect(node, event, 'published', ['parent'], 1);
  }
  joinByDeclaredCause(joined);
  joinByService(joined);
  return { steps, nodesOf, doubts: narrowing.doubts };
}

/** Of the attempts for which one span stands those whose message a settle span names; all where it names none of them. */
function settledAmong(settle: Reading, attempts: readonly GraphDraftNode[]): GraphDraftNode[] {
  if (attempts.length <= 1) return [...attempts];
  const id = settle.messages[0]?.eventId ?? null;
  const links = new Set(settle.span.links.map(contextKey));
  const named = attempts.filter(
    (node) =>
      node.type === 'attempt' &&
      ((id !== null && node.message.eventId === id) ||
        (node.message.link !== null && links.has(contextKey(node.message.link)))),
  );
  return named.length > 0 ? named : [...attempts];
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
      for (const edge of known) edge.evidence = withEvidence(edge.evidence, 'causation-id');
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
