import type { GraphDraftNode } from '../../graph/nodes.js';
import { timeOf } from '../../graph/part/Partition.js';
import { endTimeOf } from '../criticalPath.js';

/** How many nodes that began before are looked at for one that was still under way. Of more at once any will do. */
const LOOK_BACK = 64;

/** Nodes by start, each also among those of its service. */
export class Timeline {
  private readonly byService = new Map<string, GraphDraftNode[]>();

  /** @param nodes at least one, by start */
  constructor(private readonly nodes: readonly GraphDraftNode[]) {
    for (const node of nodes) {
      const service = serviceOfNode(node);
      const known = this.byService.get(service);
      if (known === undefined) this.byService.set(service, [node]);
      else known.push(node);
    }
  }

  /** What this service was doing then, or began last before; where it does nothing here, the same of all. */
  at(service: string, timeUnixNano: bigint): GraphDraftNode | undefined {
    const nodes = this.byService.get(service) ?? this.nodes;
    let low = 0;
    for (let high = nodes.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (timeOf(nodes[middle]!) > timeUnixNano) high = middle;
      else low = middle + 1;
    }
    for (let at = low - 1; at >= 0 && at >= low - LOOK_BACK; at--)
      if (endTimeOf(nodes[at]!) >= timeUnixNano) return nodes[at];
    return nodes[Math.max(0, low - 1)];
  }
}

function serviceOfNode(node: GraphDraftNode): string {
  if (node.type === 'event') return node.producer;
  return node.type === 'delivery' ? '' : node.reading.service;
}
