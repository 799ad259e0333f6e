import type { GraphNode } from '@upshot/model';
import { nodeState } from '../workflow/model/nodeNames.js';

/** One line of a list: a node, or many that differ in nothing but their IDs and times. */
export type EventListLine =
  | { readonly kind: 'node'; readonly node: GraphNode }
  | { readonly kind: 'like'; readonly name: string; readonly nodes: readonly GraphNode[] };

/** As in the graph (VISUAL: stack like branches above 6). */
const MOST_ALIKE = 6;
const IN_TROUBLE: ReadonlySet<string> = new Set(['fail', 'dead', 'miss', 'retry']);

/** What a node is called in a list. */
export function lineName(node: GraphNode): string {
  if (node.type === 'event') return node.eventName;
  return node.type === 'delivery' ? node.consumer : node.step;
}

/** A list in its order, in which long runs of like nodes stand as one line for each of their states, those in trouble first. */
export function foldLike(nodes: readonly GraphNode[]): EventListLine[] {
  const lines: EventListLine[] = [];
  for (let at = 0; at < nodes.length; ) {
    const first = nodes[at]!;
    let end = at + 1;
    while (end < nodes.length && isLike(nodes[end]!, first)) end++;
    const run = nodes.slice(at, end);
    if (run.length > MOST_ALIKE) lines.push(...byState(run));
    else lines.push(...run.map((node) => ({ kind: 'node', node }) as const));
    at = end;
  }
  return lines;
}

function byState(run: readonly GraphNode[]): EventListLine[] {
  const states = new Map<string, GraphNode[]>();
  for (const node of run) {
    const { word } = nodeState(node);
    const own = states.get(word);
    if (own) own.push(node);
    else states.set(word, [node]);
  }
  const isTrouble = (nodes: readonly GraphNode[]) => IN_TROUBLE.has(nodeState(nodes[0]!).tone);
  return [...states.values()]
    .sort((a, b) => Number(isTrouble(b)) - Number(isTrouble(a)) || a.length - b.length)
    .map((nodes) =>
      nodes.length === 1
        ? { kind: 'node', node: nodes[0]! }
        : { kind: 'like', name: lineName(nodes[0]!), nodes },
    );
}

function isLike(a: GraphNode, b: GraphNode): boolean {
  return a.type === b.type && lineName(a) === lineName(b);
}
