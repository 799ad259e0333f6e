import type { WorkflowStatus } from '../graph/WorkflowGraph.js';

/**
 * What the background noted of one workflow: its line of the list, by what lists filter it, and what it contributes to sums over many workflows.
 * Disposable: all of it can be made again from spans and records.
 */
export interface RollUp {
  /** Where the workflow begins, hashed: 16 lower-case hex digits. With the time it is the note's place: a later version replaces an earlier one there. */
  readonly id: string;
  /** When the workflow begins, Unix nanoseconds. */
  readonly timeUnixNano: bigint;
  /** When the rows behind it began to be read, Unix nanoseconds. The latest version stands; of two equal ones, either. */
  readonly version: bigint;
  /** True: no workflow begins here any more (what came late has joined it to another). All that follows is empty then. */
  readonly gone: boolean;
  readonly key: string;
  /** The state at `version`. */
  readonly status: WorkflowStatus;
  /** When the state may change by the clock alone, Unix nanoseconds; null: only what arrives can change it. */
  readonly changesAtUnixNano: bigint | null;
  /** By what lists filter, each as a whole text: `event:order.placed`, `consumer:billing`. No order, no repetition. */
  readonly facets: readonly string[];
  /** The line of the list, as JSON. */
  readonly row: string;
  /** What the workflow contributes to tallies, as JSON. */
  readonly lesson: string;
  /** What it is looked for by, beside facets. Left out: not known. Reads do not tell it. */
  readonly sought?: Sought;
}

/** What lists look for in workflows without reading them. */
export interface Sought {
  /** Names, errors and business IDs, in lower case, with `SOUGHT_SEPARATOR` between any two. Null: not known, any text may be in it. */
  readonly texts: string | null;
  /** Hashes of the attributes of its rows (`attributeHash`), each once. Null: not known, any attribute may be in it. */
  readonly attributes: Uint32Array | null;
}

/** Stands between two texts, and is in none. */
export const SOUGHT_SEPARATOR = '\0';

/** Which notes are wanted, newest first (by time, then by `id`, both descending). Only the latest version of each place counts. */
export interface RollUpQuery {
  /** At or after, Unix nanoseconds. */
  readonly since?: bigint;
  /** Before, Unix nanoseconds. */
  readonly before?: bigint;
  /** At one of these moments, at most some thousands. Unix nanoseconds. */
  readonly times?: readonly bigint[];
  /** Behind this one in the order. */
  readonly behind?: { readonly timeUnixNano: bigint; readonly id: string };
  /** Each of these facets. */
  readonly facets?: readonly string[];
  /** Each of these attributes by its hash, or attributes that are not known. */
  readonly attributes?: readonly number[];
  /** This in one of the texts (lower case, no `SOUGHT_SEPARATOR` in it), or texts that are not known. Not empty. */
  readonly text?: string;
  /** Only those that match because their attributes or texts are not known. */
  readonly unsure?: boolean;
  /** One of these states, or a state that may have changed by the clock at `nowUnixNano`. */
  readonly statuses?: { readonly any: readonly WorkflowStatus[]; readonly nowUnixNano: bigint };
  /** Those whose latest version is newer than this. */
  readonly newerThan?: bigint;
  /** Also those that are gone. Default: not. */
  readonly gone?: boolean;
  readonly limit: number;
}

/** Which notes are counted: those that are not gone, by state and by span of time. */
export interface RollUpCountQuery {
  /** At or after, Unix nanoseconds: where the first span begins. */
  readonly since: bigint;
  /** Before, Unix nanoseconds. */
  readonly until: bigint;
  /** How long a span is, nanoseconds; at least 1. */
  readonly width: bigint;
  readonly facets?: readonly string[];
  /** As for notes, but that those of which it is not known are not counted. */
  readonly attributes?: readonly number[];
  readonly text?: string;
  /** A state that has changed by the clock at this moment counts as what it changes into: what was to be tried again has failed, what was under way is stuck. */
  readonly nowUnixNano: bigint;
}

export interface RollUpCount {
  /** From 0. */
  readonly span: number;
  readonly status: WorkflowStatus;
  readonly count: number;
}
