import type { CauseKind, Evidence, FailureCause } from '@upshot/model';
import type { MessageRef, Reading, RecordReading, SpanContext } from '../interpret/Reading.js';
import { type EvidenceSet, evidenceOf, withAll } from './evidence.js';

/** A cause, while the graph is being built. */
export interface Edge {
  readonly from: GraphDraftNode;
  readonly to: GraphDraftNode;
  readonly kind: CauseKind;
  evidence: EvidenceSet;
  confidence: number;
  /**
   * Of an edge below a span that stands for several attempts: the attempts for which it holds. Who comes from none of them does not
   * follow it.
   */
  readonly owners: ReadonlySet<AttemptDraft> | null;
  /** Edges that share one doubt: any one of them may be the true one. */
  ambiguous: boolean;
}

interface NodeDraft {
  /** Unique in the graph and the same whatever the order of arrival. */
  id: string;
  readonly causes: Edge[];
  readonly effects: Edge[];
  /** Further spans that the node stands for. Most stand for none: `standFor` adds them. */
  spanIds: ReadonlySet<string>;
}

export interface EventDraft extends NodeDraft {
  readonly type: 'event';
  kind: 'event' | 'dead-letter' | 'replay';
  /** The publish; null for an event that only its consumers tell of. */
  reading: Reading | null;
  readonly message: MessageRef;
  eventId: string | null;
  eventName: string;
  producer: string;
  destination: string | null;
  system: string | null;
  correlationId: string | null;
  causationId: string | null;
  readonly environment: string;
  time: bigint;
  /** Why nothing joins it to its publish; null where the publish is known. */
  unseen: 'no-context' | 'missing-parent' | null;
  /** The span that its consumers name and that has not arrived. */
  readonly missing: SpanContext | null;
  readonly records: RecordReading[];
  readonly deliveries: DeliveryDraft[];
  /** It was published once more, and that did not fail. */
  sentAgain: boolean;
  /** The event of which this is a dead letter or a replay. */
  origin: EventDraft | null;
}

export interface DeliveryDraft extends NodeDraft {
  readonly type: 'delivery';
  readonly event: EventDraft;
  readonly consumer: string;
  readonly attempts: AttemptDraft[];
  /** Known to have been given up: put aside as a dead letter. */
  deadLettered: boolean;
  /** Of a delivery that nobody has seen: within which time of its event it should have come. */
  readonly expected: { readonly withinNano: bigint } | null;
}

export interface AttemptDraft extends NodeDraft {
  readonly type: 'attempt';
  readonly reading: Reading;
  readonly message: MessageRef;
  event: EventDraft;
  delivery: DeliveryDraft | null;
  consumer: string;
  /** How the attempt was joined to its event. */
  readonly evidence: EvidenceSet;
  readonly confidence: number;
  outcome: 'running' | 'succeeded' | 'failed' | 'skipped';
  error: FailureCause | null;
}

export interface StepDraft extends NodeDraft {
  readonly type: 'step';
  readonly reading: Reading;
  parent: GraphDraftNode | null;
  /** A republish of a message to the same consumer, a settle, or other transport that would otherwise look like business. */
  readonly transport: boolean;
}

export const NO_SPANS: ReadonlySet<string> = new Set();

/** Notes a further span that a node stands for. */
export function standFor(node: GraphDraftNode, spanId: string): void {
  if (node.spanIds === NO_SPANS) node.spanIds = new Set([spanId]);
  else (node.spanIds as Set<string>).add(spanId);
}

export type GraphDraftNode = EventDraft | DeliveryDraft | AttemptDraft | StepDraft;

export function contextKey({ traceId, spanId }: SpanContext): string {
  return `${traceId}/${spanId}`;
}

/**
 * Adds an edge to both its ends. The same cause from two sources is one edge with the evidence of both; `fresh` says that there
 * can be none yet, which saves looking.
 */
export function connect(
  from: GraphDraftNode,
  to: GraphDraftNode,
  kind: CauseKind,
  evidence: EvidenceSet | readonly Evidence[],
  confidence: number,
  options: { owners?: ReadonlySet<AttemptDraft> | null; ambiguous?: boolean; fresh?: boolean } = {},
): Edge | null {
  if (from === to) return null;
  const existing = options.fresh
    ? undefined
    : to.causes.find((edge) => edge.from === from && edge.kind === kind);
  if (existing !== undefined) {
    existing.evidence = withAll(existing.evidence, evidenceSet(evidence));
    existing.confidence = Math.max(existing.confidence, confidence);
    return existing;
  }
  const edge: Edge = {
    from,
    to,
    kind,
    evidence: evidenceSet(evidence),
    confidence,
    owners: options.owners ?? null,
    ambiguous: options.ambiguous ?? false,
  };
  from.effects.push(edge);
  to.causes.push(edge);
  return edge;
}

function evidenceSet(evidence: EvidenceSet | readonly Evidence[]): EvidenceSet {
  return evidence instanceof Set ? evidence : evidenceOf(evidence);
}
