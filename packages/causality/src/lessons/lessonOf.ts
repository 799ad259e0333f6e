import type { DeliveryStatus, Evidence, WorkflowGraph } from '@upshot/model';
import type { ServiceCompliance } from '../answers/conventions/complianceOf.js';
import { hopOf } from '../answers/findings/Finder.js';
import { stepName, waitOf } from '../answers/toNodes.js';
import type { Workflow } from '../answers/Workflow.js';
import { endOf, startOf } from '../graph/Draft.js';
import type { DeliveryDraft, EventDraft } from '../graph/nodes.js';
import type { Reading } from '../interpret/Reading.js';
import type { DeliveryLesson, Lesson, Proof, PublishLesson, Side } from './Lesson.js';

/** What a workflow teaches, from its drafts: answers no longer say which release of a service sent what. */
export function lessonOf(
  workflow: Workflow,
  statuses: ReadonlyMap<DeliveryDraft, DeliveryStatus>,
  { status, findings }: Pick<WorkflowGraph, 'status' | 'findings'>,
  compliance: readonly ServiceCompliance[],
): Lesson {
  return {
    status,
    deliveries: workflow.deliveries.flatMap((delivery) => {
      const lesson = deliveryLesson(delivery, statuses.get(delivery)!);
      return lesson === null ? [] : [lesson];
    }),
    publishes: workflow.events.flatMap((event) => {
      const lesson = publishLesson(event);
      return lesson === null ? [] : [lesson];
    }),
    findings,
    compliance,
  };
}

/** Null for a branch of which no attempt is known: nothing was carried over that hop yet. */
function deliveryLesson(delivery: DeliveryDraft, status: DeliveryStatus): DeliveryLesson | null {
  const { event, attempts, consumer } = delivery;
  const first = attempts[0];
  if (first === undefined) return null;
  const evidence = new Set<Evidence>();
  for (const edge of delivery.causes) for (const one of edge.evidence) evidence.add(one);
  const ended = attempts.filter((attempt) => endOf(attempt) !== null);
  const work = ended.reduce((sum, attempt) => {
    const took = endOf(attempt)! - startOf(attempt);
    return took > 0n ? sum + took : sum;
  }, 0n);
  return {
    hop: hopOf(event, consumer),
    environment: event.environment,
    producer: event.reading === null ? null : sideOf(event.reading),
    consumer: sideOf(first.reading),
    proof: proofOf(evidence),
    evidence: [...evidence],
    namesMissingParent: event.unseen === 'missing-parent',
    byRecords: attempts.every(({ reading }) => !reading.stored),
    kind: event.kind,
    steps: [...new Set(attempts.map(stepName))].sort(),
    status,
    attempts: attempts.length,
    attemptsFailed: attempts.filter(({ outcome }) => outcome === 'failed').length,
    waitNano: waitOf(first, null),
    workNano: ended.length === 0 ? null : work,
  };
}

function publishLesson(event: EventDraft): PublishLesson | null {
  const { reading } = event;
  if (reading === null || event.kind === 'dead-letter') return null;
  return {
    eventName: event.eventName,
    destination: event.destination,
    environment: event.environment,
    producer: sideOf(reading),
    consumed: event.deliveries.some(({ attempts }) => attempts.length > 0),
    continued: event.deliveries.some(({ causes }) =>
      causes.some(({ evidence }) => evidence.has('parent') || evidence.has('link')),
    ),
    contextLost:
      reading.stored &&
      event.causes.length > 0 &&
      event.causes.every(({ evidence }) => !evidence.has('parent') && !evidence.has('link')),
  };
}

function proofOf(evidence: ReadonlySet<Evidence>): Proof {
  if (evidence.has('parent') || evidence.has('link')) return 'declared';
  const stitched = (['event-id', 'causation-id', 'broker-position'] as const).some((one) =>
    evidence.has(one),
  );
  return stitched ? 'stitched' : 'unlinked';
}

function sideOf({ service, system, span }: Reading): Side {
  const { resource, scope } = span.source;
  const text = (key: string) => {
    const value = resource.get(key);
    return typeof value === 'string' ? value : '';
  };
  return {
    service,
    version: text('service.version'),
    library: scope.version === '' ? scope.name : `${scope.name}@${scope.version}`,
    language: text('telemetry.sdk.language'),
    system: system ?? '',
  };
}
