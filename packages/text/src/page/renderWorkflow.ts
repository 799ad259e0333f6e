import type { WorkflowGraph } from '@upshot/model';
import { flow, NO_MARGIN } from '../layout/flow.js';
import { phrase } from '../layout/Part.js';
import { painter } from '../layout/painter.js';
import { Outline } from '../tree/Outline.js';
import { TreeRows } from '../tree/TreeRows.js';
import { writeTree } from '../tree/writeTree.js';
import { nanos } from '../words/nanos.js';
import { findingLines } from './findingLines.js';
import { headerLines } from './headerLines.js';

export interface RenderOptions {
  /** ANSI colours; without them the same text says the same. */
  readonly color: boolean;
  /** Columns; fewer than 40 count as 40. */
  readonly width: number;
  /** The clock, for ages and for what still runs. Unix nanoseconds. */
  readonly nowUnixNano: bigint;
  /** Shows the transport steps (sends, polls, requests), which are counted otherwise. */
  readonly transport?: boolean;
  /** Shows every branch and every attempt on lines of its own, however many are alike. */
  readonly full?: boolean;
}

const NARROWEST = 40;

/**
 * A workflow as text: what `upshot show KEY` prints. No control character of the telemetry is in it, only line feeds and, with
 * `color`, the renderer's own colours. Every node of the answer has its place, in a row, a stack or a count. Ends with a line feed.
 */
export function renderWorkflow(graph: WorkflowGraph, options: RenderOptions): string {
  const width = Math.max(NARROWEST, Math.floor(options.width) || 0);
  const paint = painter(options.color);
  const outline = new Outline(graph, options.transport ?? false);
  const critical = new Set(graph.criticalPath);
  const tree = new TreeRows(outline, {
    start: nanos(graph.startTimeUnixNano),
    now: options.nowUnixNano,
    critical,
    evidence: evidenceOfMissing(graph),
    full: options.full ?? false,
  });
  const page = {
    width,
    paint,
    marksCritical: graph.criticalPath.some((id) => outline.nodes.has(id)),
    nextNumber: () => tree.claims.nextNumber(),
  };
  const lines = [...headerLines(graph, options.nowUnixNano, width, paint), ''];
  // One by one: a call takes no hundred thousand arguments.
  for (const line of writeTree(tree.roots(), page)) lines.push(line);
  for (const rows of tree.unreached()) for (const line of writeTree(rows, page)) lines.push(line);
  if (page.marksCritical) {
    lines.push('', ...flow([phrase('┃ critical path', 'dim')], NO_MARGIN, NO_MARGIN, width, paint));
  }
  const findings = findingLines(graph.findings, width, paint);
  if (findings.length > 0) lines.push('', ...findings);
  return `${lines.join('\n')}\n`;
}

/** What the findings know of deliveries that never came: a ghost carries its evidence. */
function evidenceOfMissing(graph: WorkflowGraph): Map<string, string> {
  const evidence = new Map<string, string>();
  for (const finding of graph.findings) {
    if (finding.kind !== 'missing-delivery') continue;
    for (const node of finding.nodes) evidence.set(node, finding.message);
  }
  return evidence;
}
