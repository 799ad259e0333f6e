import type { Topology } from '@upshot/model';
import { mermaidText } from '../words/mermaidText.js';
import { topologyEdges } from './topologyEdges.js';

/** The topology as a Mermaid flowchart, for a README or a wiki. */
export function renderTopologyMermaid(topology: Topology): string {
  const { nodes, edges } = topologyEdges(topology);
  const lines = ['flowchart LR'];
  for (const { id, shape, label } of nodes)
    lines.push(shape === 'event' ? `  ${id}(["${mermaidText(label)}"])` : `  ${id}["${mermaidText(label)}"]`);
  for (const { from, to, label } of edges)
    lines.push(label === '' ? `  ${from} --> ${to}` : `  ${from} -->|"${mermaidText(label)}"| ${to}`);
  const troubled = edges.flatMap(({ isTroubled }, at) => (isTroubled ? [at] : []));
  if (troubled.length > 0) lines.push(`  linkStyle ${troubled.join(',')} stroke:#c62828`);
  return `${lines.join('\n')}\n`;
}
