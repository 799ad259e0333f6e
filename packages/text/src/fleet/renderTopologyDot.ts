import type { Topology } from '@upshot/model';
import { topologyEdges } from './topologyEdges.js';

/** The topology as a graph in Graphviz' DOT: `upshot topology --format dot | dot -Tsvg`. */
export function renderTopologyDot(topology: Topology): string {
  const { nodes, edges } = topologyEdges(topology);
  const lines = ['digraph topology {', '  rankdir=LR;'];
  for (const { id, shape, label } of nodes)
    lines.push(`  ${id} [shape=${shape === 'event' ? 'oval' : 'box'}, label=${quoted(label)}];`);
  for (const { from, to, label, isTroubled } of edges) {
    const attributes = [
      ...(label === '' ? [] : [`label=${quoted(label)}`]),
      ...(isTroubled ? ['color="#c62828"', 'fontcolor="#c62828"'] : []),
    ];
    lines.push(`  ${from} -> ${to}${attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`};`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

/** A quoted string: backslashes are escapes of Graphviz in labels, and `&` begins an entity of HTML. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')}"`;
}
