import type { WorkflowGraph } from '@upshot/model';
import type { Incomplete } from './answerWorkflow.js';

/** What is answered where nothing was found and not all was looked through: that nothing is there, nobody can say. */
export function unreachableWorkflow(
  key: string,
  { reason, message }: Incomplete,
  nowUnixNano: bigint,
): WorkflowGraph {
  return {
    key,
    correlationIds: [],
    traceIds: [],
    status: 'in-progress',
    expectations: 'unknown',
    startTimeUnixNano: String(nowUnixNano),
    endTimeUnixNano: String(nowUnixNano),
    summary: `Nothing of this was found where it could be looked for. ${message}`,
    events: [],
    deliveries: [],
    attempts: [],
    steps: [],
    causes: [],
    findings: [{ kind: 'truncated', severity: 'warning', message, nodes: [] }],
    criticalPath: [],
    truncated: { reason, shown: 0, total: 0, nextCursor: null },
  };
}
