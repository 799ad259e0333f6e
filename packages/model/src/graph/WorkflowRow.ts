import type {
  AttemptNode,
  DeliveryNode,
  DeliveryStatus,
  EventNode,
  FindingKind,
  StepNode,
  WorkflowStatus,
} from './WorkflowGraph.js';

/** One line of the list of workflows. */
export interface WorkflowRow {
  readonly key: string;
  readonly status: WorkflowStatus;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly rootName: string;
  readonly rootService: string;
  readonly counts: WorkflowCounts;
  /** States of the branches by distance from the root, at most 5 × 12. */
  readonly shape: readonly (readonly DeliveryStatus[])[];
  readonly topFinding: { readonly kind: FindingKind; readonly step: string; readonly message: string } | null;
}

/** Counts of the whole workflow, even where its graph is truncated. `failed` counts deliveries failed or dead-lettered. */
export interface WorkflowCounts {
  readonly events: number;
  readonly deliveries: number;
  readonly attempts: number;
  readonly attemptsFailed: number;
  readonly failed: number;
  readonly findings: number;
}

export type GraphNode =
  | ({ readonly type: 'event' } & EventNode)
  | ({ readonly type: 'delivery' } & DeliveryNode)
  | ({ readonly type: 'attempt' } & AttemptNode)
  | ({ readonly type: 'step' } & StepNode);

/** One event, what caused it up to the root, and all that it led to; nearest first. */
export interface EventAnswer {
  readonly event: EventNode;
  readonly causes: readonly GraphNode[];
  readonly effects: readonly GraphNode[];
}
