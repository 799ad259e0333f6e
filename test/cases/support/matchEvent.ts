import type { EventAnswer, GraphNode } from '@upshot/model';
import type { ExpectedEvent } from './Expected.js';
import { matches } from './matchValue.js';
import { type Nodes, nodeNames } from './nodeNames.js';

/** Where the answer about one event is not what was expected, in words; nothing where it is. */
export function matchEvent(expected: ExpectedEvent, answer: EventAnswer): string[] {
  const faults: string[] = [];
  const named = nodeNames(nodesOf(answer), new Map());
  if (expected.event !== undefined && !matches(expected.event, answer.event))
    faults.push(`event: ${JSON.stringify(answer.event)}, not ${JSON.stringify(expected.event)}`);
  for (const list of ['causes', 'effects'] as const) {
    const wanted = expected[list];
    const names = answer[list].map(({ id }) => named.get(id));
    if (wanted !== undefined && !matches(wanted, names))
      faults.push(`${list}: ${JSON.stringify(names)}, not ${JSON.stringify(wanted)}`);
  }
  return faults;
}

function nodesOf({ event, causes, effects }: EventAnswer): Nodes {
  const all: GraphNode[] = [{ type: 'event', ...event }, ...causes, ...effects];
  const of = <Type extends GraphNode['type']>(type: Type) =>
    all.filter((node): node is Extract<GraphNode, { type: Type }> => node.type === type);
  return {
    events: of('event'),
    deliveries: of('delivery'),
    attempts: of('attempt'),
    steps: of('step'),
  };
}
