import { formatCount, type Topology } from '@upshot/model';
import { cutEnd } from '../layout/cutText.js';
import { safeText } from '../words/safeText.js';

export interface DrawnNode {
  /** A letter and a number: names of telemetry never stand where a language expects its own words. */
  readonly id: string;
  readonly shape: 'service' | 'event';
  /** Safe for a terminal, and not yet for the language it is drawn in. */
  readonly label: string;
}

export interface DrawnEdge {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly isTroubled: boolean;
}

/** A picture's labels are short, whatever a sender put into a name. */
const LONGEST_LABEL = 120;

/** The topology as nodes and edges. A service that consumes and publishes is one node, so that chains show. */
export function topologyEdges({ events }: Topology): { nodes: DrawnNode[]; edges: DrawnEdge[] } {
  const nodes = new Map<string, DrawnNode>();
  const edges: DrawnEdge[] = [];
  const nodeOf = (shape: DrawnNode['shape'], text: string, environment: string): string => {
    const key = JSON.stringify([shape, text, environment]);
    let node = nodes.get(key);
    if (node === undefined) {
      const where = environment === '' ? '' : ` (${environment})`;
      const unnamed = shape === 'event' ? 'an event without a name' : 'unknown producer';
      const label = safeText(cutEnd(`${text === '' ? unnamed : text}${where}`, LONGEST_LABEL));
      node = { id: `${shape === 'event' ? 'e' : 's'}${nodes.size}`, shape, label };
      nodes.set(key, node);
    }
    return node.id;
  };
  for (const { eventName, environment, producers, consumers } of events) {
    const event = nodeOf('event', eventName, environment);
    for (const producer of producers) {
      edges.push({ from: nodeOf('service', producer, environment), to: event, label: '', isTroubled: false });
    }
    for (const { consumer, deliveries, failed } of consumers) {
      const trouble = failed > 0 ? `, ${formatCount(failed)} failed` : '';
      edges.push({
        from: event,
        to: nodeOf('service', consumer, environment),
        label: `${formatCount(deliveries)}${trouble}`,
        isTroubled: failed > 0,
      });
    }
  }
  return { nodes: [...nodes.values()], edges };
}
