import { counted, type Finding } from '@upshot/model';
import type { GraphDraftNode } from '../../graph/nodes.js';
import { MAX_ROOTS_OF_CORRELATION } from '../../graph/part/Partition.js';
import { type Finder, listed } from './Finder.js';
import { likeness } from './likeness.js';

/** Parents and links that were named and have not arrived. */
export const missingParents: Finder = ({ workflow }) => {
  const lacking: GraphDraftNode[] = workflow.events.filter(({ unseen }) => unseen === 'missing-parent');
  for (const node of [...workflow.steps, ...workflow.events]) {
    if (node.reading === null || !node.reading.stored || node.causes.length > 0) continue;
    if (node.reading.span.parentSpanId !== '') lacking.push(node);
  }
  if (lacking.length === 0) return [];
  return [
    {
      kind: 'missing-parent',
      severity: 'warning',
      message: `${counted(lacking.length, 'span')} ${lacking.length === 1 ? 'names' : 'name'} a parent or link that has not arrived: it may be late, sampled away, or sent elsewhere.`,
      nodes: listed([...new Set(lacking.map(({ id }) => id))]),
      about: `Parents or links of ${serviceOf(lacking[0]!)} that have not arrived`,
      fix: 'Send the spans of every service of the workflow here, and sample whole workflows or none (a parent-based sampler).',
    },
  ];
};

/** Things that one of several messages caused, and nothing says which. */
export const ambiguousCauses: Finder = ({ workflow }) => {
  const doubtful = [...workflow.events, ...workflow.steps].filter(({ causes }) =>
    causes.some(({ ambiguous }) => ambiguous),
  );
  if (doubtful.length === 0) return [];
  const most = doubtful.reduce((known, { causes }) => Math.max(known, causes.length), 0);
  return [
    {
      kind: 'ambiguous-cause',
      severity: 'info',
      message: `${counted(doubtful.length, 'node')} may come from any of up to ${most} messages that were processed together.`,
      nodes: listed(doubtful.map(({ id }) => id)),
      about: `Follow-ups of ${serviceOf(doubtful[0]!)} that may come from any message of a batch`,
      fix: 'Give each message of a batch its own context: publish within a span that links to its message alone, or set its correlation ID.',
    },
  ];
};

/** Correlation IDs that too many actions share to name a workflow. */
export const tooBroadCorrelations: Finder = ({ workflow }) =>
  workflow.tooBroad.map((id) => ({
    kind: 'correlation-too-broad',
    severity: 'warning',
    message: `The correlation ID ${id} is shared by more than ${MAX_ROOTS_OF_CORRELATION} root actions: it names no workflow (a tenant or a user, perhaps). It joins nothing here.`,
    nodes: [workflow.root.id],
    about: `The correlation ID ${id} is too broad`,
    fix: 'Set one correlation ID per business workflow (an order, a payment), and put the tenant into an attribute of its own.',
  }));

/** What was cut, mended or contradicts itself in the telemetry. */
export const badTelemetry: Finder = ({ workflow }) => {
  const byReason = new Map<string, string[]>();
  for (const node of workflow.members) {
    if (node.type === 'delivery' || node.reading === null) continue;
    for (const reason of node.reading.mended) {
      const nodes = byReason.get(reason);
      if (nodes === undefined) byReason.set(reason, [node.id]);
      else if (!nodes.includes(node.id)) nodes.push(node.id);
    }
  }
  return [...byReason]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([reason, nodes]): Finding => ({
        kind: 'bad-telemetry',
        severity: 'info',
        message: `${counted(nodes.length, 'span')}: ${reason}.`,
        nodes: listed(nodes.sort()),
        about: likeness(reason),
      }),
    );
};

function serviceOf(node: GraphDraftNode): string {
  if (node.type === 'event') return node.producer === '' ? node.eventName : node.producer;
  return node.type === 'delivery' ? node.consumer : node.reading.service;
}
