import type { Rules } from '@upshot/conventions';
import type { FindingKind, WorkflowStatus } from '@upshot/model';

/** What a caller may ask. Plain data: it crosses to the thread that finds the answer. */
export type Question = (
  | { readonly kind: 'workflow'; readonly key: string; readonly format: 'json' | 'text'; readonly page: Page }
  | { readonly kind: 'forgotten'; readonly key: string }
  | NotesQuestion
  | { readonly kind: 'export'; readonly key: string }
  | { readonly kind: 'logs'; readonly key: string; readonly page: Page }
  | { readonly kind: 'spans'; readonly key: string; readonly page: Page }
  | { readonly kind: 'span'; readonly traceId: string; readonly spanId: string }
  | { readonly kind: 'event'; readonly eventId: string; readonly limit: number }
  | ListQuestion
  | HistogramQuestion
  | EndedQuestion
  | {
      readonly kind: 'roll-up';
      readonly limit: number;
      /** Of how many traces one is looked at now. A power of two, at most 256. */
      readonly oneIn: number;
      /** Names the rules in force. */
      readonly rules: string;
      /** Throw away what was noted, and begin anew. */
      readonly anew: boolean;
      /** Go on behind what comes next without looking at it: it has failed too often. */
      readonly skip: boolean;
      /** Names this server among those that may note in the same store; null: no other does. */
      readonly noter: string | null;
      /** The memory of `Signals`. */
      readonly signals: SharedArrayBuffer;
      /** What began before this is not noted, Unix nanoseconds. */
      readonly keptFrom: bigint;
      /** Places whose notes go, for nothing is left of their workflows. */
      readonly forgotten: readonly NotePlace[];
    }
  | PropagationQuestion
  | FindingsQuestion
) & {
  /** The clock of the answer: states change with time. Unix nanoseconds. */
  readonly nowUnixNano: bigint;
  /** The conventions in force when it was asked; none by default. */
  readonly conventions?: Rules | null;
};

/** Where a note lies. */
export interface NotePlace {
  readonly timeUnixNano: bigint;
  readonly id: string;
}

/** The places of a workflow's notes: those under its key that begin in one of its traces, or have no trace. */
export interface NotesQuestion {
  readonly kind: 'notes';
  readonly key: string;
  readonly traceIds: readonly string[];
  /** When parts of it began: Unix nanoseconds. */
  readonly times: readonly bigint[];
}

export interface Page {
  readonly limit: number;
  readonly cursor: string | null;
}

/** What many workflows teach, from what the background has counted. */
export interface PropagationQuestion {
  readonly kind: 'propagation' | 'topology' | 'finding-groups' | 'compliance' | 'figures';
  /** Begun at or after, Unix nanoseconds; null: from the beginning. */
  readonly since: bigint | null;
  readonly until: bigint | null;
  /** Up to when what was written is counted, Unix nanoseconds. */
  readonly asOf: bigint;
  /** Of groups of findings: of this kind alone. */
  readonly findingKind: FindingKind | null;
  /** Of how many workflows one is counted of what came after that. */
  readonly sampledOneIn: number;
  /** Of compliance and figures: the rules under which it was counted. */
  readonly rules: string;
}

/** The findings of all workflows, newest first. */
export interface FindingsQuestion {
  readonly kind: 'findings';
  readonly since: bigint | null;
  readonly until: bigint | null;
  readonly findingKind: FindingKind | null;
  readonly page: Page;
}

/** The list of workflows, newest first. */
export interface ListQuestion {
  readonly kind: 'list';
  readonly filter: WorkflowFilter;
  /** Started at or after, Unix nanoseconds. */
  readonly since: bigint | null;
  /** Started before. */
  readonly until: bigint | null;
  readonly page: Page;
  /** Milliseconds after which a page is answered with what it has. */
  readonly budgetMs: number;
  /** Up to when what was written is noted, Unix nanoseconds. */
  readonly asOf: bigint;
  /** Names the conventions in force: what was noted under others is looked at again. */
  readonly rules: string;
}

/** Workflows that have ended: those whose notes are newer than a moment. */
export interface EndedQuestion extends Pick<ListQuestion, 'filter' | 'rules'> {
  readonly kind: 'ended';
  /** Unix nanoseconds. */
  readonly newerThan: bigint;
}

/** How many workflows began when, by state. */
export interface HistogramQuestion extends Omit<ListQuestion, 'kind' | 'page'> {
  readonly kind: 'histogram';
  readonly buckets: number;
}

/** A workflow passes where each filter given holds for any part of it. */
export interface WorkflowFilter {
  readonly statuses: readonly WorkflowStatus[] | null;
  readonly event: string | null;
  readonly consumer: string | null;
  readonly service: string | null;
  readonly environment: string | null;
  /** Attributes as key and value; all of them. */
  readonly attributes: readonly (readonly [key: string, value: string])[];
  readonly q: string | null;
}
