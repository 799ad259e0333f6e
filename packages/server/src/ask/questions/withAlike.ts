import { FINDING, FindingCounter, findingSeriesOf } from '@upshot/knowledge';
import type { Tally, WorkflowGraph } from '@upshot/model';
import { type Questioning, tallies } from '../Questioning.js';

/** Counts over many workflows may lag by 5 s (the interface says so): for that long they are not asked for again, which would take a third of a quick answer's time. */
const FRESH_MS = 5_000;

/** Of this thread: all groups of findings as they were counted last. */
let known: { readonly bySeries: ReadonlyMap<string, Tally>; readonly atMs: number } | null = null;

/** A workflow with, for each finding, how many workflows share it. As far as they are counted by now. `clock`: milliseconds. */
export function* withAlike(graph: WorkflowGraph, clock: () => number): Questioning<WorkflowGraph> {
  if (graph.findings.length === 0) return graph;
  if (known === null || clock() - known.atMs > FRESH_MS) {
    const sums = yield* tallies({ kinds: [FINDING] }, { orNone: true });
    known = { bySeries: new Map(sums.map(({ tally }) => [tally.series, tally])), atMs: clock() };
  }
  const { bySeries } = known;
  const findings = graph.findings.map((finding) => {
    const tally = bySeries.get(findingSeriesOf(finding));
    const count = tally?.counts.get(FindingCounter.workflows) ?? 0;
    if (tally === undefined || count === 0) return finding;
    return { ...finding, alike: { count, firstSeenUnixNano: String(tally.firstUnixNano) } };
  });
  return { ...graph, findings };
}
