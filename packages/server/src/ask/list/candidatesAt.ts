import { askWorkflowsAt, isListed } from '@upshot/causality';
import type { EntryPoint, WorkflowGraph } from '@upshot/model';
import { compareEntries } from '@upshot/storage';
import type { Question, WorkflowFilter } from '../Question.js';
import { asking, type Questioning } from '../Questioning.js';
import { matchesFilter } from './matchesFilter.js';
import { RowsRead } from './RowsRead.js';

/** Counts are of the whole workflow, so its graph is asked for whole. */
export const WHOLE = 100_000;

/** A workflow that may be listed, as it is now. */
export interface Candidate {
  readonly graph: WorkflowGraph;
  /** Where it begins: its earliest entry point. */
  readonly position: EntryPoint;
  /** All its entry points, newest first. */
  readonly entries: readonly EntryPoint[];
  /** Whether it passes the filter. */
  readonly passes: boolean;
}

/** The workflows at these places that lists show, each collected and assembled whole. */
export function* candidatesAt(
  places: readonly EntryPoint[],
  filter: WorkflowFilter,
  { nowUnixNano, conventions = null }: Pick<Question, 'nowUnixNano' | 'conventions'>,
): Questioning<Candidate[]> {
  if (places.length === 0) return [];
  const rows = new RowsRead(filter.attributes);
  const question = askWorkflowsAt(places, { nowUnixNano, conventions, limit: WHOLE });
  const graphs = yield* asking(question, (found) => rows.add(found));
  return graphs
    .filter(isListed)
    .map((graph) => candidateOf(graph, rows.entriesOf(graph), matchesFilter(graph, filter, rows)));
}

/** Newest first; ties by entry point, then by key. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  const [keyA, keyB] = [a.graph.key, b.graph.key];
  return compareEntries(a.position, b.position) || (keyA < keyB ? -1 : keyA > keyB ? 1 : 0);
}

function candidateOf(graph: WorkflowGraph, entries: EntryPoint[], passes: boolean): Candidate {
  const position = entries.at(-1) ?? {
    timeUnixNano: BigInt(graph.startTimeUnixNano),
    traceId: graph.traceIds[0] ?? '',
    spanId: '',
    eventId: '',
  };
  return { graph, position, entries, passes };
}
