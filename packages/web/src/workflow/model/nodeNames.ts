import type { AttemptNode, DeliveryNode, GraphNode } from '@upshot/model';
import { DELIVERY_STATES, findingState, OUTCOME_STATES, type State } from '../../words/states.js';
import type { WorkflowIndex } from './WorkflowIndex.js';

/** What a delivery does, by its business name: the step of its last attempt, else its consumer. */
export function deliveryStep(index: WorkflowIndex, delivery: DeliveryNode): string {
  const last = index.node(delivery.attempts.at(-1));
  return (last?.type === 'attempt' ? last.step : '') || delivery.consumer || 'unnamed consumer';
}

/** How a node is called where it stands alone. */
export function nodeName(index: WorkflowIndex, node: GraphNode): string {
  switch (node.type) {
    case 'event':
      return node.eventName;
    case 'delivery':
      return deliveryStep(index, node);
    case 'attempt':
    case 'step':
      return node.step;
  }
}

/** What a node is, in a word. */
export function nodeKind(node: GraphNode): string {
  if (node.type === 'event') return node.kind === 'dead-letter' ? 'dead letter' : node.kind;
  return node.type === 'attempt' ? `attempt ${node.number}` : node.type;
}

export function nodeState(node: GraphNode): State {
  switch (node.type) {
    case 'event':
      if (node.error) return findingState('publish-failed');
      return {
        tone: node.kind === 'dead-letter' ? 'dead' : 'plain',
        icon: node.kind === 'dead-letter' ? 'dead-lettered' : node.kind === 'replay' ? 'replay' : 'event',
        word: node.kind === 'dead-letter' ? 'dead letter' : node.kind,
      };
    case 'delivery':
      return DELIVERY_STATES[node.status];
    case 'attempt':
      return OUTCOME_STATES[node.outcome];
    case 'step':
      return node.error
        ? { tone: 'fail', icon: 'failed', word: 'failed' }
        : { tone: 'plain', icon: 'step', word: node.layer === 'business' ? 'step' : 'broker span' };
  }
}

/** The error that a delivery ended with: that of its last attempt that failed. */
export function lastError(index: WorkflowIndex, delivery: DeliveryNode): AttemptNode['error'] {
  return index.attempts(delivery).findLast((attempt) => attempt.error !== null)?.error ?? null;
}

/** Types that say no more than that there was an error: JavaScript's own, and OpenTelemetry's for any other. */
const GENERIC = new Set(['', 'Error', '_OTHER']);

/** An error in one line: its type, where that says more than the message. */
export function errorWords(error: { readonly type: string; readonly message: string }): string {
  if (error.message === '') return error.type;
  const saysNothing = GENERIC.has(error.type) || error.message.includes(error.type);
  return saysNothing ? error.message : `${error.type}: ${error.message}`;
}
