import type { LogLine, NodeLogs, WorkflowGraph } from '@upshot/model';
import type { GraphDraftNode } from '../../graph/nodes.js';
import { logLine } from './logLine.js';
import type { PlacedLog } from './placeLogs.js';

/** Log records that one node shows: as many as fit a screen. The rest is counted, and to be had by a call of its own. */
const MOST_LOGS = 20;

/** The answer with the log records of its nodes. */
export function withLogs(
  graph: WorkflowGraph,
  placed: ReadonlyMap<GraphDraftNode, readonly PlacedLog[]>,
): WorkflowGraph {
  if (placed.size === 0) return graph;
  const byId = new Map([...placed].map(([node, logs]) => [node.id, logs]));
  const add = <Node extends { readonly id: string }>(node: Node): Node => {
    const logs = byId.get(node.id);
    return logs === undefined ? node : { ...node, ...shown(logs) };
  };
  return {
    ...graph,
    events: graph.events.map(add),
    attempts: graph.attempts.map(add),
    steps: graph.steps.map(add),
  };
}

/** The gravest, of equal ones the latest; by time. */
function shown(logs: readonly PlacedLog[]): NodeLogs {
  const kept = [...logs]
    .sort((a, b) => gravity(b) - gravity(a) || later(a, b))
    .slice(0, MOST_LOGS)
    .sort((a, b) => later(b, a));
  return {
    logs: kept.map(({ log, placedBy }): LogLine => logLine(log, placedBy)),
    ...(logs.length > kept.length ? { logsOmitted: logs.length - kept.length } : {}),
  };
}

/** Exceptions with those of their severity, and at least as errors. */
function gravity({ log }: PlacedLog): number {
  return log.isException ? Math.max(log.severityNumber, 17) : log.severityNumber;
}

function later({ log: a }: PlacedLog, { log: b }: PlacedLog): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano > b.timeUnixNano ? -1 : 1;
  return JSON.stringify(logLine(a, 'span')) < JSON.stringify(logLine(b, 'span')) ? 1 : -1;
}
