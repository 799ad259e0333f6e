import type { Finding, FindingKind, Hop } from '../graph/WorkflowGraph.js';

/** A finding and the workflow in which it stands. */
export interface FoundFinding extends Finding {
  readonly key: string;
  /** When the workflow began, Unix nanoseconds. */
  readonly timeUnixNano: string;
  readonly group: string;
}

/** All findings of one cause. */
export interface FindingGroup {
  /** 16 hex digits, the same for as long as the cause is the same. */
  readonly id: string;
  readonly kind: FindingKind;
  readonly hop: Hop | null;
  /** What they have in common, with how many workflows and since when. */
  readonly message: string;
  readonly severity: Finding['severity'];
  /** Workflows. */
  readonly count: number;
  readonly firstSeenUnixNano: string;
  readonly lastSeenUnixNano: string;
  /** Some workflows, the latest first. */
  readonly keys: readonly string[];
  readonly muted: Mute | null;
  /** Workflows by when they began, in order; periods without any are left out. */
  readonly trend: readonly {
    readonly fromUnixNano: string;
    readonly toUnixNano: string;
    readonly count: number;
  }[];
}

/** Somebody knows of it, and until when they need not hear of it. */
export interface Mute {
  readonly reason: string;
  /** Null: until it is unmuted. */
  readonly untilUnixNano: string | null;
}
