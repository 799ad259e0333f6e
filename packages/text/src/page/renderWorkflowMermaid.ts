import { counted, type DeliveryStatus, formatCount, type WorkflowGraph } from '@upshot/model';
import { mermaidText } from '../words/mermaidText.js';
import { DELIVERY_SIGNS, WORKFLOW_SIGNS } from '../words/signs.js';

/** Mermaid refuses more than 500 edges unless it is told otherwise, and nobody reads so many. */
const MOST_NODES = 200;

const TROUBLED: ReadonlySet<DeliveryStatus> = new Set(['failed', 'dead-lettered', 'missing', 'retrying']);

interface Box {
  readonly label: string;
  /** What stands around the label. */
  readonly shape: readonly [open: string, close: string];
  readonly isTroubled: boolean;
  readonly timeUnixNano: bigint;
}

/**
 * A workflow as a Mermaid flowchart, for an issue or a wiki: events, deliveries with their state and attempts, business steps. An edge that is guessed is
 * dotted. Of a large one the branches in trouble come first, and what is left out is counted.
 */
export function renderWorkflowMermaid(graph: WorkflowGraph): string {
  const boxes = boxesOf(graph);
  const ranked = [...boxes].sort(
    ([, a], [, b]) =>
      Number(b.isTroubled) - Number(a.isTroubled) || (a.timeUnixNano < b.timeUnixNano ? -1 : 1),
  );
  const ids = new Map(ranked.slice(0, MOST_NODES).map(([node], at) => [node, `n${at}`]));
  const lines = ['flowchart LR'];
  for (const [node, id] of ids) {
    const { label, shape } = boxes.get(node)!;
    lines.push(`  ${id}${shape[0]}"${mermaidText(label)}"${shape[1]}`);
  }
  const left = boxes.size - ids.size;
  if (left > 0) lines.push(`  more["${mermaidText(`and ${formatCount(left)} more`)}"]`);
  const isDelivery = new Set(graph.deliveries.map(({ id }) => id));
  const holder = holdersOf(graph);
  const edges = new Map<string, boolean>();
  for (const { from, to, confidence } of graph.causes) {
    const [source, target] = [holder.get(from) ?? from, holder.get(to) ?? to];
    const [a, b] = [ids.get(source), ids.get(target)];
    // Attempts stand in their delivery: what leads from one to the next stays within.
    if (a === undefined || b === undefined || a === b) continue;
    if (isDelivery.has(source) && isDelivery.has(target)) continue;
    const edge = `${a} ${b}`;
    edges.set(edge, (edges.get(edge) ?? false) || confidence === 1);
  }
  for (const [edge, isSure] of edges) lines.push(`  ${edge.replace(' ', isSure ? ' --> ' : ' -.-> ')}`);
  const troubled = [...ids].filter(([node]) => boxes.get(node)!.isTroubled).map(([, id]) => id);
  if (troubled.length > 0) {
    lines.push('  classDef troubled stroke:#c62828,stroke-width:2px');
    lines.push(`  class ${troubled.join(',')} troubled`);
  }
  return `${lines.join('\n')}\n`;
}

function boxesOf(graph: WorkflowGraph): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const eventTimes = new Map(graph.events.map(({ id, timeUnixNano }) => [id, BigInt(timeUnixNano)]));
  for (const { id, eventName, kind, timeUnixNano } of graph.events) {
    boxes.set(id, {
      label: kind === 'event' ? eventName : `${kind === 'replay' ? 'replay' : 'dead letter'} ${eventName}`,
      shape: ['([', '])'],
      isTroubled: kind === 'dead-letter',
      timeUnixNano: BigInt(timeUnixNano),
    });
  }
  for (const { id, event, consumer, status, attempts } of graph.deliveries) {
    const tries = attempts.length > 1 ? `, ${counted(attempts.length, 'attempt')}` : '';
    boxes.set(id, {
      label: `${DELIVERY_SIGNS[status].glyph} ${consumer || 'unnamed consumer'}: ${status}${tries}`,
      shape: ['[', ']'],
      isTroubled: TROUBLED.has(status),
      timeUnixNano: eventTimes.get(event) ?? 0n,
    });
  }
  for (const { id, step, error, layer, startTimeUnixNano } of graph.steps) {
    if (layer === 'transport') continue;
    boxes.set(id, {
      label: error === null ? step : `${WORKFLOW_SIGNS.failed.glyph} ${step}`,
      shape: ['[[', ']]'],
      isTroubled: error !== null,
      timeUnixNano: BigInt(startTimeUnixNano),
    });
  }
  return boxes;
}

/** Attempts stand in their delivery, transport steps in what called them. */
function holdersOf(graph: WorkflowGraph): Map<string, string> {
  const parents = new Map<string, string | null>();
  for (const { id, delivery } of graph.attempts) parents.set(id, delivery);
  for (const { id, layer, parent } of graph.steps) if (layer === 'transport') parents.set(id, parent);
  const holders = new Map<string, string>();
  for (const id of parents.keys()) {
    let at: string | null | undefined = id;
    for (let hops = 0; at != null && parents.has(at) && hops <= parents.size; hops++) at = parents.get(at);
    if (at != null && !parents.has(at)) holders.set(id, at);
  }
  return holders;
}
