import type {
  AttemptNode,
  CauseKind,
  DeliveryNode,
  EventNode,
  Finding,
  StepNode,
  WorkflowGraph,
} from '@upshot/model';

/**
 * What an answer must say. Properties that are not given are open; lists that are given are complete. Where a text is wanted,
 * `/…/` is a regular expression. Nodes are named, never by their IDs: see `nodeNames`.
 */
export interface ExpectedAsk {
  readonly key: string;
  /** Other keys that must bring the very same answer. */
  readonly alike?: readonly string[];
  /** What GET /api/workflows/{key} answers; null for 404. */
  readonly workflow?: ExpectedWorkflow | null;
  /** What GET /api/events/{key} answers; null for 404. */
  readonly event?: ExpectedEvent | null;
  /** What the page in text must say: parts of it, without regard to line breaks. */
  readonly text?: readonly string[];
}

/** A node: some of its properties, and the name by which this case calls it. */
type Described<Node> = { readonly [Key in keyof Node]?: unknown } & { readonly as?: string };

export interface ExpectedWorkflow
  extends Partial<Pick<WorkflowGraph, 'key' | 'status' | 'summary' | 'expectations'>> {
  readonly correlationIds?: readonly string[];
  readonly traceIds?: readonly string[];
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly truncated?: unknown;
  readonly events?: readonly Described<EventNode>[];
  /** `event` is a name; an attempt may be its outcome alone. */
  readonly deliveries?: readonly (Described<DeliveryNode> & {
    readonly attempts?: readonly (string | Described<AttemptNode>)[];
  })[];
  /** `parent` is a name. */
  readonly steps?: readonly Described<StepNode>[];
  /** By kind, complete for each kind that is given: `order.placed → billing: parent+link, 1`. */
  readonly causes?: { readonly [Kind in CauseKind]?: readonly string[] };
  /** `nodes` are names. A finding that is `optional` may be there: the rules leave it open. */
  readonly findings?: readonly (Described<Finding> & { readonly optional?: boolean })[];
  /** Names. */
  readonly criticalPath?: readonly string[];
  /** How many there are, where naming them all says no more. */
  readonly counts?: {
    readonly [List in 'events' | 'deliveries' | 'attempts' | 'steps' | 'findings']?: number;
  };
}

export interface ExpectedEvent {
  readonly event?: Described<EventNode>;
  /** Names, nearest first. */
  readonly causes?: readonly string[];
  readonly effects?: readonly string[];
}
