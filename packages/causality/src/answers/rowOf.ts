import type { DeliveryStatus, Finding, WorkflowGraph, WorkflowRow } from '@upshot/model';

const MOST_DEPTHS = 5;
const MOST_BRANCHES = 12;
/** The worst first: what a mark must not hide. */
const WORST_FIRST: readonly DeliveryStatus[] = [
  'failed',
  'dead-lettered',
  'missing',
  'retrying',
  'processing',
  'waiting',
  'recovered',
  'succeeded',
];

/** The line that a list shows for a workflow. */
export function rowOf(graph: WorkflowGraph): WorkflowRow {
  const caused = new Set(graph.causes.map(({ to }) => to));
  const roots = [...graph.steps, ...graph.events].filter(({ id }) => !caused.has(id));
  const time = (node: (typeof roots)[number]) =>
    BigInt('step' in node ? node.startTimeUnixNano : node.timeUnixNano);
  const root = roots.reduce<(typeof roots)[number] | null>(
    (first, node) => (first === null || time(node) < time(first) ? node : first),
    null,
  );
  const statuses = graph.deliveries.map(({ status }) => status);
  return {
    key: graph.key,
    status: graph.status,
    startTimeUnixNano: graph.startTimeUnixNano,
    endTimeUnixNano: graph.endTimeUnixNano,
    rootName: root === null ? '' : 'step' in root ? root.step : root.eventName,
    rootService: root === null ? '' : 'step' in root ? root.service : root.producer,
    counts: {
      events: graph.events.length,
      deliveries: graph.deliveries.length,
      attempts: graph.attempts.length,
      attemptsFailed: graph.attempts.filter(({ outcome }) => outcome === 'failed').length,
      failed: statuses.filter((status) => status === 'failed' || status === 'dead-lettered').length,
      findings: graph.findings.length,
    },
    shape: shapeOf(graph),
    topFinding: topFinding(graph, graph.findings[0]),
  };
}

/** States of the branches by their distance from the root in deliveries, the worst of each distance first. */
function shapeOf(graph: WorkflowGraph): DeliveryStatus[][] {
  const depths = new Map<string, number>();
  const causesOf = new Map<string, string[]>();
  for (const { from, to } of graph.causes) {
    const list = causesOf.get(to);
    if (list === undefined) causesOf.set(to, [from]);
    else list.push(from);
  }
  const isDelivery = new Set(graph.deliveries.map(({ id }) => id));
  const depthOf = (id: string): number => {
    const line: string[] = [];
    const seen = new Set<string>();
    let at: string | undefined = id;
    while (at !== undefined && !depths.has(at) && !seen.has(at)) {
      seen.add(at);
      line.push(at);
      at = causesOf.get(at)?.[0];
    }
    let depth = at === undefined ? -1 : (depths.get(at) ?? -1);
    for (const node of line.reverse()) {
      if (isDelivery.has(node)) depth++;
      depths.set(node, depth);
    }
    return depths.get(id)!;
  };
  const shape: DeliveryStatus[][] = [];
  for (const { id, status } of graph.deliveries) {
    const depth = depthOf(id);
    if (depth < 0 || depth >= MOST_DEPTHS) continue;
    const column = shape[depth];
    if (column === undefined) shape[depth] = [status];
    else column.push(status);
  }
  return Array.from(shape, (column) =>
    (column ?? []).sort((a, b) => WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b)).slice(0, MOST_BRANCHES),
  );
}

function topFinding(graph: WorkflowGraph, finding: Finding | undefined): WorkflowRow['topFinding'] {
  if (finding === undefined) return null;
  const nodes = new Set(finding.nodes);
  const attempt = graph.attempts.findLast(({ id, delivery }) => nodes.has(id) || nodes.has(delivery));
  const step = graph.steps.find(({ id }) => nodes.has(id))?.step;
  const event = graph.events.find(({ id }) => nodes.has(id))?.eventName;
  // Who did not react is what is missing, and has done nothing that could be named.
  const missing = finding.kind === 'missing-delivery' ? finding.hop?.consumer : undefined;
  const named = attempt?.step ?? step ?? missing ?? event ?? '';
  return { kind: finding.kind, step: named, message: finding.message };
}
