import type { EntryPoint, WorkflowGraph } from '@upshot/model';
import { compareEntries } from '@upshot/storage';

/** A workflow that the walk came upon, with its place in the list. */
export interface Candidate {
  readonly graph: WorkflowGraph;
  readonly key: string;
  /** Its earliest entry point. */
  readonly position: EntryPoint;
  /** All its entry points that were read, newest first. */
  readonly entries: readonly EntryPoint[];
}

/** Newest first; ties by entry point, then by key. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  return compareEntries(a.position, b.position) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
