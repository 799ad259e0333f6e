import type { StepNode, WorkflowGraph } from '@upshot/model';
import type { OtlpSpan } from './SpanUnit.js';

/** OTLP's kinds of span, by their number. A span is its trace, its ID and its kind: two kinds may share an ID. */
const KINDS: readonly StepNode['spanKind'][] = [
  'internal',
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];

interface Standing {
  readonly traceId?: string;
  readonly spanId?: string | null;
  readonly spanIds?: readonly string[];
}

/** Why a span does not have its place in an answer: one node, or attempts or events alone where it stands for several messages. */
export function misplaced(graph: WorkflowGraph, span: OtlpSpan): string | null {
  const traceId = span.traceId.toLowerCase();
  const spanId = span.spanId.toLowerCase();
  const standing: string[] = [];
  const look = (type: string, nodes: readonly Standing[]) => {
    for (const node of nodes) {
      const own = node.spanId === spanId && node.traceId === traceId;
      if (own || node.spanIds?.includes(spanId)) standing.push(type);
    }
  };
  look('event', graph.events);
  look('delivery', graph.deliveries);
  look('attempt', graph.attempts);
  look(
    'step',
    graph.steps.filter((step) => step.spanId !== spanId || step.spanKind === KINDS[span.kind ?? 0]),
  );
  if (standing.length === 0) return 'no node names it';
  if (standing.length === 1) return null;
  const types = new Set(standing);
  if (types.size === 1 && (types.has('attempt') || types.has('event'))) return null;
  return `it is named by ${standing.join(', ')}`;
}
