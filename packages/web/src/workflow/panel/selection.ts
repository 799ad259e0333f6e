import type { AttemptNode, DeliveryNode, EventNode, StepNode } from '@upshot/model';
import type { WorkflowIndex } from '../model/WorkflowIndex.js';
import type { Card, Scene } from '../scene/Scene.js';
import type { LoggedNode } from './logLines.js';

/** What the panel shows of a selected node, with what belongs to it. */
export type Selection =
  | { readonly type: 'stack'; readonly card: Card & { kind: 'stack' } }
  | {
      readonly type: 'delivery';
      readonly delivery: DeliveryNode;
      readonly event: EventNode | null;
      readonly attempts: readonly AttemptNode[];
      /** The attempt that was selected, else the last. */
      readonly attempt: AttemptNode | null;
    }
  | { readonly type: 'event'; readonly event: EventNode }
  | { readonly type: 'step'; readonly step: StepNode };

export function selectionOf(index: WorkflowIndex, scene: Scene, id: string | null): Selection | null {
  const node = index.node(id);
  if (!node) {
    const card = id === null ? undefined : scene.cards.find((one) => one.id === id);
    return card?.kind === 'stack' ? { type: 'stack', card } : null;
  }
  switch (node.type) {
    case 'event':
      return { type: 'event', event: node };
    case 'step':
      return { type: 'step', step: node };
    case 'attempt':
    case 'delivery': {
      const delivery = node.type === 'delivery' ? node : index.delivery(node.delivery);
      if (!delivery) return null;
      const attempts = index.attempts(delivery);
      const attempt = node.type === 'attempt' ? node : (attempts.at(-1) ?? null);
      return { type: 'delivery', delivery, event: index.event(delivery.event) ?? null, attempts, attempt };
    }
  }
}

/** The nodes whose log records the panel shows: of a delivery all its attempts. */
export function loggedNodes(selection: Selection): readonly LoggedNode[] {
  switch (selection.type) {
    case 'stack':
      return [];
    case 'delivery':
      return selection.attempts;
    case 'event':
      return [selection.event];
    case 'step':
      return [selection.step];
  }
}

/** An ID with its own name. */
export interface NamedId {
  readonly name: string;
  readonly value: string;
}

/** The IDs of a selection, each by its own name; what was not declared is left out. */
export function idsOf(index: WorkflowIndex, selection: Selection): NamedId[] {
  const list: NamedId[] = [];
  const add = (name: string, value: string | null | undefined) => {
    if (value) list.push({ name, value });
  };
  const [correlation] = index.graph.correlationIds;
  switch (selection.type) {
    case 'stack':
      add('correlationId', correlation);
      break;
    case 'event':
      addEvent(selection.event);
      add('traceId', selection.event.traceId);
      add('spanId', selection.event.spanId);
      break;
    case 'step':
      add('correlationId', correlation);
      add('traceId', selection.step.traceId);
      add('spanId', selection.step.spanId);
      break;
    case 'delivery':
      if (selection.event) addEvent(selection.event);
      add('traceId', selection.attempt?.traceId);
      add('spanId', selection.attempt?.spanId);
  }
  return list;

  function addEvent(event: EventNode): void {
    add('eventId', event.eventId);
    add('correlationId', event.correlationId ?? correlation);
    add('causationId', event.causationId);
  }
}
