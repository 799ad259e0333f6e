import type { Cause, DeliveryNode, WorkflowGraph } from '@upshot/model';
import { renderWorkflow } from '@upshot/text';
import type { LostHop } from './lostHops.js';

const WIDTH = 110;

/** What an assertion expected and did not find. */
export interface Missing {
  /** The step or consumer that should be there. */
  readonly name: string;
  readonly after: readonly LostHop[];
}

/** The workflow as `upshot show` prints it; what is missing stands where it was lost. */
export function treeOf(graph: WorkflowGraph, missing: Missing | null): string {
  const nowUnixNano = BigInt(Date.now()) * 1_000_000n;
  const shown = missing === null ? graph : withMissing(graph, missing);
  const tree = renderWorkflow(shown, { color: false, width: WIDTH, nowUnixNano }).trimEnd();
  return missing === null || missing.after.length > 0 ? tree : `${tree}\n\n✗ ${missing.name} is missing`;
}

export function lostLine({ event, consumer, steps, elsewhere }: LostHop): string {
  const where = event.destination === null || event.destination === '' ? '' : ` over ${event.destination}`;
  const ran = steps.length === 0 ? 'handled it' : `ran ${steps.join(', ')}`;
  return (
    `✗ ${event.producer} → ${consumer} lost the context: ${event.producer} published ${event.eventName}${where}, and ${consumer} ${ran} in a workflow of its own (${elsewhere}).\n` +
    `  Fix: in ${event.producer}, publish ${event.eventName} through the SDK or its adapter, so that the message carries its headers; and let nothing between drop them.`
  );
}

/** Deliveries that should be there, as nodes, so that the tree shows them in their place. */
function withMissing(graph: WorkflowGraph, { name, after }: Missing): WorkflowGraph {
  const nodes = after.map(
    ({ event, consumer, steps }, at): DeliveryNode => ({
      id: `missing-${at}`,
      event: event.id,
      consumer: steps.includes(name) && consumer !== name ? `${consumer} ${name}` : consumer,
      attempts: [],
      status: 'missing',
    }),
  );
  const causes = nodes.map(
    ({ id, event }): Cause => ({
      from: event,
      to: id,
      kind: 'delivered',
      evidence: ['inferred'],
      confidence: 0.5,
    }),
  );
  return { ...graph, deliveries: [...graph.deliveries, ...nodes], causes: [...graph.causes, ...causes] };
}
