import type { EntryPoint, WorkflowGraph } from '@upshot/model';
import { answerWorkflow } from '../answers/answerWorkflow.js';
import { type Collected, Collection } from '../collect/Collection.js';
import type { GraphDraftNode } from '../graph/nodes.js';
import type { Asking, AskOptions } from './Asking.js';
import { taken } from './askWorkflow.js';
import { classesOf, workflowSelection } from './findNodes.js';

/** The distinct workflows to which these entry points belong, each collected and assembled whole, all in the same rounds. */
export function* askWorkflowsAt(
  entries: readonly EntryPoint[],
  options: AskOptions,
): Asking<WorkflowGraph[]> {
  if (entries.length === 0) return [];
  const collection = new Collection();
  collection.begin((wanted) => {
    for (const { traceId, eventId, spanId } of entries) {
      wanted.want('traceIds', traceId);
      if (traceId === '' || spanId === '') wanted.want('eventIds', eventId);
    }
  });
  const spans = new Set(
    entries.filter(({ spanId }) => spanId !== '').map(({ traceId, spanId }) => `${traceId}/${spanId}`),
  );
  // Where nothing but spans within a process has arrived, the trace is all that is known of the place.
  const traces = new Set(
    entries.filter(({ spanId, eventId }) => spanId === '' && eventId === '').map(({ traceId }) => traceId),
  );
  const eventIds = new Set(entries.filter(({ eventId }) => eventId !== '').map(({ eventId }) => eventId));
  const classes = (collected: Collected) =>
    classesOf(collected, entryNodes(collected, spans, traces, eventIds));
  const collected = yield* collection.run((at) => membersOfAll(at, classes(at)));
  const incomplete = collection.incomplete;
  return [...classes(collected)].map((of) => {
    const selection = workflowSelection(collected, of);
    return answerWorkflow(taken(collected, selection, ''), { ...options, incomplete });
  });
}

function entryNodes(
  { graph }: Collected,
  spans: ReadonlySet<string>,
  traces: ReadonlySet<string>,
  eventIds: ReadonlySet<string>,
): Set<GraphDraftNode> {
  const nodes = new Set<GraphDraftNode>();
  for (const [reading, standing] of graph.nodesOf) {
    const { traceId, spanId } = reading.span;
    if (spans.has(`${traceId}/${spanId}`) || traces.has(traceId))
      for (const node of standing) nodes.add(node);
  }
  if (eventIds.size > 0) {
    for (const node of graph.draft.events)
      if (node.eventId !== null && eventIds.has(node.eventId)) nodes.add(node);
  }
  return nodes;
}

function membersOfAll(collected: Collected, classes: ReadonlySet<number>): Set<GraphDraftNode> {
  const members = new Set<GraphDraftNode>();
  for (const of of classes) for (const node of workflowSelection(collected, of).members) members.add(node);
  return members;
}
