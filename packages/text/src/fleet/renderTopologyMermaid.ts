import type { Topology } from '@upshot/model';
import { topologyEdges } from './topologyEdges.js';

/**
 * Letters and digits of any script, and signs that mean nothing to Mermaid within quotes. All else is written as its code: quotes, brackets, `#`,
 * `&`, `<`, and what its Markdown would take for emphasis or code.
 */
const HARMLESS = /[^\p{L}\p{M}\p{N} ./:,()+-]/gu;
/** Its Markdown takes these for the beginning of a list, and shows an error in place of the label. */
const LIST = /^(\s*)([-+]|\d+[.)])(?=\s|$)/;

/** The topology as a Mermaid flowchart, for a README or a wiki. */
export function renderTopologyMermaid(topology: Topology): string {
  const { nodes, edges } = topologyEdges(topology);
  const lines = ['flowchart LR'];
  for (const { id, shape, label } of nodes)
    lines.push(shape === 'event' ? `  ${id}(["${quoted(label)}"])` : `  ${id}["${quoted(label)}"]`);
  for (const { from, to, label } of edges)
    lines.push(label === '' ? `  ${from} --> ${to}` : `  ${from} -->|"${quoted(label)}"| ${to}`);
  const troubled = edges.flatMap(({ isTroubled }, at) => (isTroubled ? [at] : []));
  if (troubled.length > 0) lines.push(`  linkStyle ${troubled.join(',')} stroke:#c62828`);
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  const escaped = text.replace(HARMLESS, (character, at: number) =>
    // Within a word an underscore is one.
    character === '_' && isInWord(text, at) ? character : code(character),
  );
  return escaped.replace(
    LIST,
    (_all, space: string, mark: string) => space + Array.from(mark, code).join(''),
  );
}

function isInWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(text[at + 1] ?? '');
}

function code(character: string): string {
  return `#${character.codePointAt(0)};`;
}
