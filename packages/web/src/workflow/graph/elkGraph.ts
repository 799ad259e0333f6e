import type { ElkNode } from 'elkjs/lib/elk-api.js';
import { type Box, GAP, type Layout, type Link, type Point } from './placement.js';

/** From here on the better placement of nodes takes longer than a reader waits (measured: 200 nodes, 0.5 to 0.9 s). */
const MANY = 100;

/** The graph as ELK wants it: lines start and end at fixed heights, and siblings keep their order, which makes it stable. */
export function toElk(boxes: readonly Box[], links: readonly Link[]): ElkNode {
  const targets = new Set<string>();
  const isTree = links.every(({ to }) => !targets.has(to) && targets.add(to));
  const options = {
    'elk.algorithm': 'layered',
    'elk.direction': 'RIGHT',
    'elk.spacing.nodeNode': `${GAP.below}`,
    'elk.spacing.componentComponent': '40',
    'elk.layered.spacing.nodeNodeBetweenLayers': `${GAP.columns}`,
    'elk.layered.nodePlacement.strategy': boxes.length > MANY ? 'BRANDES_KOEPF' : 'NETWORK_SIMPLEX',
    'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    'elk.layered.crossingMinimization.forceNodeModelOrder': `${isTree}`,
    'elk.portConstraints': 'FIXED_POS',
  };
  const outs = new Map<string, Set<number>>();
  const ins = new Map<string, Set<number>>();
  for (const { from, fromY, to, toY } of links) {
    outs.set(from, (outs.get(from) ?? new Set()).add(fromY));
    ins.set(to, (ins.get(to) ?? new Set()).add(toY));
  }
  return {
    id: 'all',
    layoutOptions: options,
    children: boxes.map(({ id, width, height }) => ({
      id,
      width,
      height,
      layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
      ports: [
        ...[...(ins.get(id) ?? [])].map((y) => port(`${id}<${y}`, 0, y, 'WEST')),
        ...[...(outs.get(id) ?? [])].map((y) => port(`${id}>${y}`, width, y, 'EAST')),
      ],
    })),
    edges: links.map(({ id, from, fromY, to, toY }) => ({
      id,
      sources: [`${from}>${fromY}`],
      targets: [`${to}<${toY}`],
    })),
  };
}

function port(id: string, x: number, y: number, side: 'WEST' | 'EAST') {
  return { id, x, y, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } };
}

/** What ELK found. Lines between neighbouring columns need no bends: a curve is easier to follow. */
export function fromElk(answer: ElkNode): Layout {
  const places = new Map<string, Point>();
  const widths = new Map<string, number>();
  for (const { id, x = 0, y = 0, width = 0 } of answer.children ?? []) {
    places.set(id, { x, y });
    widths.set(id, width);
  }
  const bends = new Map<string, readonly Point[]>();
  for (const edge of answer.edges ?? []) {
    const section = edge.sections?.[0];
    const points = section?.bendPoints;
    if (!section || !points || points.length < 3) continue;
    const isLong = section.endPoint.x - section.startPoint.x > 2 * GAP.columns + 40;
    if (isLong) bends.set(edge.id, points);
  }
  return { places, bends };
}
