import { FINDING, FindingCounter, findingSeriesOf } from '@upshot/knowledge';
import type { WorkflowGraph } from '@upshot/model';
import { type Questioning, tallies } from '../Questioning.js';

/** A workflow with, for each finding, how many workflows share it. As far as they are counted by now. */
export function* withAlike(graph: WorkflowGraph): Questioning<WorkflowGraph> {
  if (graph.findings.length === 0) return graph;
  const series = graph.findings.map(findingSeriesOf);
  const sums = yield* tallies({ kinds: [FINDING], series: [...new Set(series)] });
  const counted = new Map(sums.map(({ tally }) => [tally.series, tally]));
  const findings = graph.findings.map((finding, at) => {
    const tally = counted.get(series[at]!);
    const count = tally?.counts.get(FindingCounter.workflows) ?? 0;
    if (tally === undefined || count === 0) return finding;
    return { ...finding, alike: { count, firstSeenUnixNano: String(tally.firstUnixNano) } };
  });
  return { ...graph, findings };
}
