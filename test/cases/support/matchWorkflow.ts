import type { Cause, WorkflowGraph } from '@upshot/model';
import type { ExpectedWorkflow } from './Expected.js';
import { assign, matches } from './matchValue.js';
import { nodeNames } from './nodeNames.js';

type Node = Readonly<Record<string, unknown>> & { readonly id: string };
type Description = Readonly<Record<string, unknown>> & { readonly as?: string };
type Fits = (expected: Description, actual: Node) => boolean;

const SCALARS = [
  'key',
  'status',
  'expectations',
  'summary',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'truncated',
] as const;
const SETS = ['correlationIds', 'traceIds'] as const;

/** Where a workflow is not what was expected, in words; nothing where it is. */
export function matchWorkflow(expected: ExpectedWorkflow, graph: WorkflowGraph): string[] {
  const faults: string[] = [];
  for (const name of SCALARS) {
    if (name in expected && !matches(expected[name], graph[name])) {
      faults.push(`${name}: ${show(graph[name])}, not ${show(expected[name])}`);
    }
  }
  for (const name of SETS) {
    const wanted = expected[name];
    if (wanted !== undefined && !matches(wanted.toSorted(), graph[name].toSorted())) {
      faults.push(`${name}: ${show(graph[name])}, not ${show(wanted)}`);
    }
  }
  for (const [list, count] of Object.entries(expected.counts ?? {})) {
    const { length } = graph[list as keyof NonNullable<ExpectedWorkflow['counts']>];
    if (length !== count) faults.push(`${length} ${list}, not ${count}`);
  }

  const given = new Map<string, string>();
  const names = (): Map<string, string> => nodeNames(graph, given);
  const pair = (
    list: string,
    wanted: readonly Description[] | undefined,
    nodes: readonly Node[],
    fits: Fits,
  ) => {
    if (wanted === undefined) return;
    const { pairs, missing, surplus } = assign(wanted, nodes, fits);
    for (const [{ as }, { id }] of pairs) if (as !== undefined) given.set(id, as);
    for (const one of missing) faults.push(`${list}: none is ${show(one)}`);
    for (const one of surplus) faults.push(`${list}: ${show(briefly(one))} was not expected`);
  };

  pair('events', expected.events, asNodes(graph.events), (one, node) => matches(without(one, 'as'), node));
  const afterEvents = names();
  const attemptById = new Map(asNodes(graph.attempts).map((attempt) => [attempt.id, attempt]));
  pair('deliveries', expected.deliveries, asNodes(graph.deliveries), (one, node) => {
    const { event, attempts } = one;
    if (event !== undefined && event !== afterEvents.get(String(node.event))) return false;
    if (attempts !== undefined) {
      const tries = (node.attempts as string[]).map((id) => attemptById.get(id));
      if (!matches((attempts as unknown[]).map(describedAttempt), tries)) return false;
    }
    return matches(without(one, 'as', 'event', 'attempts'), node);
  });
  const afterDeliveries = names();
  pair('steps', expected.steps, asNodes(graph.steps), (one, node) => {
    const parent = node.parent === null ? null : (afterDeliveries.get(String(node.parent)) ?? null);
    if ('parent' in one && one.parent !== parent) return false;
    return matches(without(one, 'as', 'parent'), node);
  });

  const named = names();
  const nameOf = (id: string): string => named.get(id) ?? `unknown node ${id}`;
  for (const [kind, wanted] of Object.entries(expected.causes ?? {})) {
    const causes = graph.causes.filter((cause) => cause.kind === kind);
    const { missing, surplus } = assign(wanted, causes, (text, cause) => isCause(text, cause, nameOf));
    for (const text of missing) faults.push(`${kind}: there is no ${text}`);
    for (const cause of surplus) faults.push(`${kind}: ${causeText(cause, nameOf)} was not expected`);
  }
  if (expected.findings !== undefined) {
    const { missing, surplus } = assign(expected.findings, graph.findings, (one, finding) => {
      const nodes = finding.nodes.map(nameOf).sort();
      if (one.nodes !== undefined && !matches([...(one.nodes as string[])].sort(), nodes)) return false;
      return matches(without(one, 'nodes', 'optional'), finding);
    });
    for (const one of missing) if (!one.optional) faults.push(`findings: none is ${show(one)}`);
    for (const { nodes, ...one } of surplus)
      faults.push(`findings: ${show({ ...one, nodes: nodes.map(nameOf) })} was not expected`);
  }
  if (expected.criticalPath !== undefined) {
    const path = graph.criticalPath.map(nameOf);
    if (!matches(expected.criticalPath, path))
      faults.push(`critical path: ${path.join(' → ')}, not ${expected.criticalPath.join(' → ')}`);
  }
  return faults;
}

function describedAttempt(attempt: unknown): unknown {
  return typeof attempt === 'string' ? { outcome: attempt } : attempt;
}

/** `order.placed → billing: parent+link, 1`; any evidence is `*`; the confidence may be a fraction (`1/3`) or a bound (`<1`). */
function isCause(text: string, cause: Cause, nameOf: (id: string) => string): boolean {
  const found = /^(.+) → (.+): ([a-z+-]+|\*), (\S+)$/.exec(text);
  if (found === null) throw new Error(`this is no cause: ${text}`);
  const [, from, to, evidence, confidence] = found as unknown as [string, string, string, string, string];
  return (
    from === nameOf(cause.from) &&
    to === nameOf(cause.to) &&
    (evidence === '*' || matches(evidence.split('+').sort(), [...cause.evidence].sort())) &&
    isConfidence(confidence, cause.confidence)
  );
}

function isConfidence(text: string, confidence: number): boolean {
  if (text === '*') return true;
  if (text === '<1') return confidence > 0 && confidence < 1;
  const [over, under = '1'] = text.split('/');
  return Math.abs(confidence - Number(over) / Number(under)) < 0.0005;
}

function causeText({ from, to, evidence, confidence }: Cause, nameOf: (id: string) => string): string {
  return `${nameOf(from)} → ${nameOf(to)}: ${evidence.join('+')}, ${confidence}`;
}

function asNodes(nodes: readonly { readonly id: string }[]): readonly Node[] {
  return nodes as readonly Node[];
}

function without(description: Readonly<Record<string, unknown>>, ...names: string[]): object {
  return Object.fromEntries(Object.entries(description).filter(([name]) => !names.includes(name)));
}

/** A node without what only a machine reads. */
function briefly(node: Node): object {
  return without(
    node,
    'traceId',
    'spanId',
    'spanIds',
    'startTimeUnixNano',
    'endTimeUnixNano',
    'timeUnixNano',
  );
}

function show(value: unknown): string {
  return JSON.stringify(value);
}
