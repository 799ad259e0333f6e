import { Type } from 'typebox';
import { AttemptNode, DeliveryNode, EventNode, StepNode } from './workflowNodes.js';

export const GraphNode = Type.Union(
  [
    Type.Object({ type: Type.Literal('event'), ...EventNode.properties }, { title: 'TypedEventNode' }),
    Type.Object(
      { type: Type.Literal('delivery'), ...DeliveryNode.properties },
      { title: 'TypedDeliveryNode' },
    ),
    Type.Object({ type: Type.Literal('attempt'), ...AttemptNode.properties }, { title: 'TypedAttemptNode' }),
    Type.Object({ type: Type.Literal('step'), ...StepNode.properties }, { title: 'TypedStepNode' }),
  ],
  { title: 'GraphNode', description: 'A node of any sort, told apart by `type`.' },
);

export const EventAnswer = Type.Object(
  {
    event: EventNode,
    causes: Type.Array(GraphNode, { description: 'Up to the root, nearest first.' }),
    effects: Type.Array(GraphNode, { description: 'All that it led to, nearest first.' }),
  },
  { title: 'EventAnswer', description: 'One event, what caused it, and all that it led to.' },
);
