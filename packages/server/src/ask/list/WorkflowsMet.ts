import { type AskOptions, askWorkflowsAt, isListed } from '@upshot/causality';
import type { EntryPoint, WorkflowGraph } from '@upshot/model';
import type { WorkflowFilter } from '../Question.js';
import { asking, type Questioning } from '../Questioning.js';
import type { Candidate } from './Candidate.js';
import { matchesFilter } from './matchesFilter.js';
import { RowsRead } from './RowsRead.js';

/** Counts are of the whole workflow, so its graph is asked for whole. */
const WHOLE = 100_000;

/** The workflows that a walk has come upon, each collected and assembled once. */
export class WorkflowsMet {
  private readonly entries = new Set<string>();
  private readonly workflows = new Set<string>();

  constructor(
    private readonly filter: WorkflowFilter,
    private readonly asked: Pick<AskOptions, 'nowUnixNano' | 'conventions'>,
  ) {}

  /** Whether an entry point belongs to a workflow met before. */
  readonly knows = (entry: EntryPoint): boolean => this.entries.has(nameOf(entry));

  /** The workflows at these entry points that a list shows, were not met before and pass the filter. */
  *resolve(entries: readonly EntryPoint[]): Questioning<Candidate[]> {
    if (entries.length === 0) return [];
    const rows = new RowsRead(this.filter.attributes);
    const question = askWorkflowsAt(entries, { ...this.asked, limit: WHOLE });
    const graphs = yield* asking(question, (found) => rows.add(found));
    for (const entry of entries) this.entries.add(nameOf(entry));
    const fresh: Candidate[] = [];
    for (const graph of graphs) {
      const candidate = candidateOf(graph, rows.entriesOf(graph));
      for (const entry of candidate.entries) this.entries.add(nameOf(entry));
      const name = `${nameOf(candidate.position)}/${candidate.key}`;
      if (this.workflows.has(name)) continue;
      this.workflows.add(name);
      if (isListed(graph) && matchesFilter(graph, this.filter, rows)) fresh.push(candidate);
    }
    return fresh;
  }
}

function candidateOf(graph: WorkflowGraph, entries: EntryPoint[]): Candidate {
  const earliest = entries.at(-1);
  const position = earliest ?? {
    timeUnixNano: BigInt(graph.startTimeUnixNano),
    traceId: graph.traceIds[0] ?? '',
    spanId: '',
    eventId: '',
  };
  return { graph, key: graph.key, position, entries };
}

function nameOf({ traceId, spanId, eventId }: EntryPoint): string {
  return `${traceId}/${spanId}/${eventId}`;
}
