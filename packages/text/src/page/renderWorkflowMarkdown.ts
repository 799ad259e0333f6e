import { formatDuration, type WorkflowGraph } from '@upshot/model';
import { formatTimestamp } from '../words/formatClock.js';
import { nanos } from '../words/nanos.js';
import { safeText } from '../words/safeText.js';
import { WORKFLOW_SIGNS } from '../words/signs.js';
import { renderWorkflow } from './renderWorkflow.js';
import { renderWorkflowMermaid } from './renderWorkflowMermaid.js';

/** Columns of the tree: what a page of a repository's host shows without scrolling. */
const WIDTH = 100;
/** All that Markdown or the HTML within it may take for its own. */
const SPECIAL = /[\\`*_{}[\]()#+.!|<>~&-]/g;

/** A workflow as a page of Markdown, for an issue or a report: what happened in words, as a picture, as a tree, and what was found. */
export function renderWorkflowMarkdown(graph: WorkflowGraph, nowUnixNano: bigint): string {
  const took = nanos(graph.endTimeUnixNano) - nanos(graph.startTimeUnixNano);
  const sign = WORKFLOW_SIGNS[graph.status];
  const lines = [
    `# ${escaped(graph.key)}`,
    '',
    `**${sign.glyph} ${graph.status}** · ${escaped(formatTimestamp(nanos(graph.startTimeUnixNano)))} · ${formatDuration(took)}`,
    '',
    escaped(graph.summary),
    '',
    ...fenced('mermaid', renderWorkflowMermaid(graph)),
    '',
    ...fenced('text', renderWorkflow(graph, { color: false, width: WIDTH, nowUnixNano })),
  ];
  if (graph.findings.length > 0) lines.push('', '## Findings', '');
  for (const { severity, message, fix } of graph.findings)
    lines.push(`- **${severity}**: ${escaped(message)}${fix === undefined ? '' : ` ${escaped(fix)}`}`);
  return `${lines.join('\n')}\n`;
}

function escaped(text: string): string {
  return safeText(text).replace(SPECIAL, (character) => `\\${character}`);
}

/** A fence longer than any run of backticks within. */
function fenced(language: string, text: string): string[] {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}${language}`, text.trimEnd(), fence];
}
