import { RuleChecker, type Rules } from '@upshot/conventions';
import type { AttemptNode, Cause, Evidence, Finding, WorkflowGraph } from '@upshot/model';
import { EVIDENCE } from '@upshot/model';
import type { AttemptDraft, DeliveryDraft, Edge, GraphDraftNode } from '../graph/nodes.js';
import { byTimeAndId, timeOf } from '../graph/part/Partition.js';
import { withExpected } from './conventions/withExpected.js';
import { criticalPath, endTimeOf } from './criticalPath.js';
import { findAll } from './findings/findAll.js';
import { type Page, pageOf } from './pageOf.js';
import { deliveryStatus, workflowStatus } from './statuses.js';
import { summarize } from './summarize.js';
import { attemptNodes, deliveryNode, eventNode, stepNode } from './toNodes.js';
import type { Workflow } from './Workflow.js';

/** Nodes in one answer unless asked otherwise. */
export const DEFAULT_NODE_LIMIT = 20_000;

/** Why the rows behind an answer are not all there are. */
export interface Incomplete {
  readonly reason: string;
  readonly message: string;
}

export interface AnswerOptions {
  readonly nowUnixNano: bigint;
  readonly limit?: number;
  readonly cursor?: string | null;
  readonly incomplete?: Incomplete | null;
  /** The project's conventions; without them none are broken and none declares what to expect. */
  readonly conventions?: Rules | null;
}

/** Graph to answer: states, times, findings, the critical path and one sentence. */
export function answerWorkflow(seen: Workflow, options: AnswerOptions): WorkflowGraph {
  const { nowUnixNano, incomplete = null, conventions = null } = options;
  const checker = conventions === null ? null : new RuleChecker(conventions, nowUnixNano);
  const workflow = checker === null ? seen : withExpected(seen, checker);
  const statuses = new Map(
    workflow.deliveries.map((delivery) => [delivery, deliveryStatus(delivery, nowUnixNano)] as const),
  );
  const status = workflowStatus(workflow, statuses, nowUnixNano);
  const { start, end } = span(workflow.members);
  const page = pageOf(workflow, statuses, options.limit ?? DEFAULT_NODE_LIMIT, options.cursor ?? null);
  const findings: Finding[] = findAll({ workflow, statuses, nowUnixNano, checker });
  const shown = page.nodes;
  // The last page of several says so, too: it holds but a part.
  const isWhole = shown.size === page.total;
  if (incomplete !== null || !isWhole) findings.push(truncationFinding(page, incomplete));
  return {
    key: workflow.key,
    correlationIds: workflow.correlationIds,
    traceIds: workflow.traceIds,
    status,
    expectations: workflow.expectations,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    summary: summarize(workflow, status, statuses, start, end, nowUnixNano),
    events: workflow.events.filter((event) => shown.has(event)).map(eventNode),
    deliveries: workflow.deliveries
      .filter((delivery) => shown.has(delivery))
      .map((delivery) => deliveryNode(delivery, statuses.get(delivery)!)),
    attempts: attemptsOf(workflow.deliveries, shown),
    steps: workflow.steps.filter((step) => shown.has(step)).map((step) => stepNode(step, shown)),
    causes: causesAmong(workflow, shown),
    findings: isWhole ? findings : findingsAmong(findings, shown),
    criticalPath: criticalPath(workflow.members),
    truncated:
      incomplete === null && isWhole
        ? null
        : {
            reason: incomplete?.reason ?? 'node-limit',
            shown: page.shown,
            total: page.total,
            nextCursor: page.nextCursor,
          },
  };
}

function attemptsOf(deliveries: readonly DeliveryDraft[], shown: ReadonlySet<GraphDraftNode>): AttemptNode[] {
  const nodes: { draft: AttemptDraft; node: AttemptNode }[] = [];
  for (const delivery of deliveries) {
    if (!delivery.attempts.some((attempt) => shown.has(attempt))) continue;
    attemptNodes(delivery).forEach((node, at) => {
      const draft = delivery.attempts[at]!;
      if (shown.has(draft)) nodes.push({ draft, node });
    });
  }
  return nodes.sort((a, b) => byTimeAndId(a.draft, b.draft)).map(({ node }) => node);
}

function causesAmong(workflow: Workflow, shown: ReadonlySet<GraphDraftNode>): Cause[] {
  const causes: Cause[] = [];
  for (const nodes of [workflow.events, workflow.deliveries, workflow.attempts, workflow.steps]) {
    for (const node of nodes) {
      if (!shown.has(node)) continue;
      for (const edge of node.causes) if (shown.has(edge.from)) causes.push(causeOf(edge));
    }
  }
  return causes;
}

/** Findings are of the whole workflow; the nodes that they name are those of the same answer. */
function findingsAmong(findings: readonly Finding[], shown: ReadonlySet<GraphDraftNode>): Finding[] {
  const ids = new Set([...shown].map(({ id }) => id));
  return findings.map((finding) => ({ ...finding, nodes: finding.nodes.filter((id) => ids.has(id)) }));
}

const RANK = new Map<Evidence, number>(EVIDENCE.map((evidence, rank) => [evidence, rank]));

function causeOf({ from, to, kind, evidence, confidence }: Edge): Cause {
  return {
    from: from.id,
    to: to.id,
    kind,
    evidence: [...evidence].sort((a, b) => RANK.get(a)! - RANK.get(b)!),
    confidence,
  };
}

/** From the first start to the last end. */
function span(members: ReadonlySet<GraphDraftNode>): { start: bigint; end: bigint } {
  let start: bigint | null = null;
  let end = 0n;
  for (const node of members) {
    const from = timeOf(node);
    const to = endTimeOf(node);
    if (start === null || from < start) start = from;
    if (to > end) end = to;
    if (from > end) end = from;
  }
  return { start: start ?? 0n, end };
}

function truncationFinding(page: Page, incomplete: Incomplete | null): Finding {
  const message =
    incomplete?.message ??
    `This shows ${page.shown} of ${page.total} nodes; branches with trouble come first.`;
  return { kind: 'truncated', severity: 'warning', message, nodes: [] };
}
