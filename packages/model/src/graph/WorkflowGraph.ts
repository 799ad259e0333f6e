import type { Severity } from '../log/Log.js';

/**
 * The answer: one workflow as a causal graph. Field by field the interface that `api-contract` validates and documents.
 * Times are Unix nanoseconds as decimal strings; `from`, `to`, `event`, `delivery`, `nodes` hold node IDs of the same answer.
 */
export const WORKFLOW_STATUSES = ['completed', 'in-progress', 'retrying', 'stuck', 'failed'] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

export const DELIVERY_STATUSES = [
  'waiting',
  'processing',
  'retrying',
  'succeeded',
  'recovered',
  'failed',
  'dead-lettered',
  'missing',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const CAUSE_KINDS = [
  'published',
  'delivered',
  'attempted',
  'retried',
  'dead-lettered',
  'replayed',
  'called',
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** Evidence of a cause, strongest first. */
export const EVIDENCE = [
  'parent',
  'link',
  'event-id',
  'causation-id',
  'broker-position',
  'correlation-id',
  'inferred',
] as const;
export type Evidence = (typeof EVIDENCE)[number];

export const FINDING_KINDS = [
  'broken-causality',
  'missing-delivery',
  'dead-letter',
  'publish-failed',
  'retries-exhausted',
  'recovered',
  'duplicate-delivery',
  'clock-skew',
  'missing-parent',
  'ambiguous-cause',
  'convention',
  'correlation-too-broad',
  'bad-telemetry',
  'truncated',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface FailureCause {
  readonly type: string;
  readonly message: string;
}

/** By what a log record was placed at its node. */
export const LOG_PLACES = ['span', 'event-id', 'trace', 'correlation-id'] as const;

/** One log record as a node shows it: cut to what a person reads. */
export interface LogLine {
  readonly timeUnixNano: string;
  readonly severity: Severity;
  /** The name of the event; null for a plain line. */
  readonly eventName: string | null;
  readonly text: string;
  readonly service: string;
  readonly traceId: string | null;
  readonly spanId: string | null;
  /**
   * `span`: it was written in a span of the node. `event-id`: it names the event. `trace`, `correlation-id`: it names no more than these, and stands at the
   * node of its service that was under way at its time, or began last before.
   */
  readonly placedBy: (typeof LOG_PLACES)[number];
}

/** The log records of a node: the gravest, by time. Left out where it has none. */
export interface NodeLogs {
  readonly logs?: readonly LogLine[];
  /** How many more there are of it. */
  readonly logsOmitted?: number;
}

export interface EventNode extends NodeLogs {
  readonly id: string;
  readonly eventId: string | null;
  readonly eventName: string;
  readonly kind: 'event' | 'dead-letter' | 'replay';
  readonly producer: string;
  readonly destination: string | null;
  readonly system: string | null;
  readonly correlationId: string | null;
  readonly causationId: string | null;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly timeUnixNano: string;
  readonly environment: string;
  /** Why it was never published, where its publish failed and nobody received it. */
  readonly error?: FailureCause;
  /** Further spans that this node stands for. */
  readonly spanIds?: readonly string[];
}

export interface DeliveryNode {
  readonly id: string;
  readonly event: string;
  readonly consumer: string;
  readonly attempts: readonly string[];
  readonly status: DeliveryStatus;
  readonly spanIds?: readonly string[];
}

export interface AttemptNode extends NodeLogs {
  readonly id: string;
  readonly delivery: string;
  /** From 1. */
  readonly number: number;
  readonly step: string;
  readonly service: string;
  readonly outcome: 'running' | 'succeeded' | 'failed' | 'skipped';
  readonly error: FailureCause | null;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string | null;
  /** Wait in the broker (first attempt) or back-off (later ones), nanoseconds; null where skew makes it negative. */
  readonly waitNano: string | null;
  readonly traceId: string;
  readonly spanId: string | null;
  readonly spanIds?: readonly string[];
}

export interface StepNode extends NodeLogs {
  readonly id: string;
  readonly parent: string | null;
  readonly step: string;
  readonly service: string;
  readonly layer: 'business' | 'transport';
  readonly spanKind: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly error: FailureCause | null;
  readonly traceId: string;
  readonly spanId: string;
  readonly spanIds?: readonly string[];
}

export interface Cause {
  readonly from: string;
  readonly to: string;
  readonly kind: CauseKind;
  readonly evidence: readonly Evidence[];
  /** 1 for declared evidence and identity, below 1 for what is only guessed. */
  readonly confidence: number;
}

export interface Hop {
  readonly producer: string;
  readonly eventName: string;
  readonly destination: string | null;
  readonly consumer: string;
}

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  readonly nodes: readonly string[];
  readonly hop?: Hop;
  readonly fix?: string;
  /** Of broken causality: the side that loses the context, as far as this workflow tells. */
  readonly fault?: 'producer' | 'consumer';
  /** What all findings of the same cause have in common, whichever workflow they are in: no IDs, no counts. */
  readonly about?: string;
  readonly alike?: { readonly count: number; readonly firstSeenUnixNano: string };
  /** Of a `convention` finding: which rule, and what broke it. */
  readonly convention?: BrokenConvention;
}

export interface BrokenConvention {
  /** The rule's path in the conventions file: `requiredFields.traceId`. */
  readonly rule: string;
  /** Who broke it. */
  readonly service: string;
  /** Who answers for that service; null where nobody is named. */
  readonly owner: string | null;
  /** Names of the events, steps or attributes that break it. */
  readonly names: readonly string[];
}

export interface Truncation {
  readonly reason: string;
  readonly shown: number;
  readonly total: number;
  readonly nextCursor: string | null;
}

export interface WorkflowGraph {
  readonly key: string;
  readonly correlationIds: readonly string[];
  readonly traceIds: readonly string[];
  readonly status: WorkflowStatus;
  readonly expectations: 'learned' | 'declared' | 'unknown';
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly summary: string;
  readonly events: readonly EventNode[];
  readonly deliveries: readonly DeliveryNode[];
  readonly attempts: readonly AttemptNode[];
  readonly steps: readonly StepNode[];
  readonly causes: readonly Cause[];
  readonly findings: readonly Finding[];
  readonly criticalPath: readonly string[];
  readonly truncated: Truncation | null;
}
