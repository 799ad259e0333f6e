import type { WorkflowGraph } from '@upshot/model';

/** A span that a graph stands for. `traceId` is null where the graph does not say in which of its traces it is. */
export interface SpanName {
  readonly traceId: string | null;
  readonly spanId: string;
}

/** Every span that the graph names, by a node of its own or as one that a node stands for. */
export function* spansOf(graph: WorkflowGraph): Generator<SpanName> {
  for (const node of graph.deliveries) {
    for (const spanId of node.spanIds ?? []) yield { traceId: null, spanId };
  }
  for (const nodes of [graph.events, graph.attempts, graph.steps]) {
    for (const node of nodes) {
      if (node.spanId !== null) yield { traceId: node.traceId, spanId: node.spanId };
      for (const spanId of node.spanIds ?? []) yield { traceId: null, spanId };
    }
  }
}

export function* eventIdsOf(graph: WorkflowGraph): Generator<string> {
  for (const { eventId } of graph.events) if (eventId !== null) yield eventId;
}
