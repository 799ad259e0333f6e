import type { Cause, Evidence, WorkflowGraph } from '@upshot/model';

type AnyNode = { readonly id: string; readonly type: 'event' | 'delivery' | 'attempt' | 'step' };
type Fault = (words: string) => void;

/** What holds for every workflow that is answered (API, "Out" and "Rules"). Returns where it does not, in words. */
export function brokenInvariants(graph: WorkflowGraph): string[] {
  const faults: string[] = [];
  const fault: Fault = (words) => faults.push(words);
  const nodes = nodesById(graph, fault);
  checkReferences(graph, nodes, fault);
  checkStructure(graph, nodes, fault);
  for (const cause of graph.causes) checkCause(cause, nodes, fault);
  checkConfidences(graph, fault);
  checkTimes(graph, fault);
  checkFindings(graph, fault);
  return faults;
}

/** Where `from`, `to`, `event`, `delivery` or `nodes` of an answer, be it a part of a graph, name what it does not hold; in words. */
export function danglingReferences(graph: WorkflowGraph): string[] {
  const faults: string[] = [];
  const nodes = nodesById(graph, (words) => faults.push(words));
  const named = [
    ...graph.causes.flatMap(({ from, to }) => [from, to]),
    ...graph.deliveries.map(({ event }) => event),
    ...graph.attempts.map(({ delivery }) => delivery),
    ...graph.findings.flatMap((finding) => finding.nodes),
  ];
  for (const id of named) if (!nodes.has(id)) faults.push(`${id} is named, and not in the answer`);
  return faults;
}

function nodesById(graph: WorkflowGraph, fault: Fault): Map<string, AnyNode> {
  const nodes = new Map<string, AnyNode>();
  const add = (type: AnyNode['type'], list: readonly { readonly id: string }[]) => {
    for (const { id } of list) {
      if (nodes.has(id)) fault(`two nodes have the ID ${id}`);
      nodes.set(id, { id, type });
    }
  };
  add('event', graph.events);
  add('delivery', graph.deliveries);
  add('attempt', graph.attempts);
  add('step', graph.steps);
  return nodes;
}

function checkReferences(graph: WorkflowGraph, nodes: ReadonlyMap<string, AnyNode>, fault: Fault): void {
  const refers = (from: string, to: string | null, ...types: AnyNode['type'][]) => {
    if (to === null) return;
    const node = nodes.get(to);
    if (node === undefined) fault(`${from} names ${to}, which is not in the answer`);
    else if (types.length > 0 && !types.includes(node.type))
      fault(`${from} names ${to}, which is of type ${node.type}`);
  };
  for (const { id, event, attempts } of graph.deliveries) {
    refers(id, event, 'event');
    for (const attempt of attempts) refers(id, attempt, 'attempt');
  }
  for (const { id, delivery } of graph.attempts) refers(id, delivery, 'delivery');
  for (const { id, parent } of graph.steps) refers(id, parent);
  for (const { from, to, kind } of graph.causes) {
    refers(`a cause (${kind})`, from);
    refers(`a cause (${kind})`, to);
  }
  for (const { kind, nodes: named } of graph.findings)
    for (const id of named) refers(`the finding ${kind}`, id);
  for (const id of graph.criticalPath) refers('the critical path', id);
  for (const one of [...graph.events, ...graph.attempts, ...graph.steps]) {
    if (one.traceId !== '' && !graph.traceIds.includes(one.traceId))
      fault(`${one.id} stands in ${one.traceId}, which traceIds lacks`);
  }
}

/** Deliveries hang on events, attempts on deliveries, later attempts on earlier ones; each edge once. */
function checkStructure(graph: WorkflowGraph, nodes: ReadonlyMap<string, AnyNode>, fault: Fault): void {
  const edges = new Set(graph.causes.map(({ from, to, kind }) => `${kind}: ${from} → ${to}`));
  if (edges.size < graph.causes.length) fault('two causes have the same ends and kind');
  const wants = (kind: Cause['kind'], from: string, to: string) => {
    if (!edges.has(`${kind}: ${from} → ${to}`)) fault(`no ${kind} leads from ${from} to ${to}`);
  };
  const attempts = new Map(graph.attempts.map((attempt) => [attempt.id, attempt]));
  for (const delivery of graph.deliveries) {
    wants('delivered', delivery.event, delivery.id);
    let before: string | null = null;
    let number = 0;
    for (const id of delivery.attempts) {
      const attempt = attempts.get(id);
      if (attempt === undefined) continue;
      if (attempt.delivery !== delivery.id) fault(`${id} says that it is of ${attempt.delivery}`);
      if (attempt.number <= number) fault(`${id} is number ${attempt.number} after ${number}`);
      number = attempt.number;
      wants('attempted', delivery.id, id);
      if (before !== null) wants('retried', before, id);
      before = id;
    }
  }
  for (const { id, delivery, outcome, error } of graph.attempts) {
    const holder = graph.deliveries.find((one) => one.id === delivery);
    if (holder !== undefined && !holder.attempts.includes(id)) fault(`${delivery} does not list ${id}`);
    if ((outcome === 'failed') !== (error !== null))
      fault(`${id} is ${outcome}, with error ${JSON.stringify(error)}`);
  }
  graph.criticalPath.forEach((to, at) => {
    const from = graph.criticalPath[at - 1];
    if (from === undefined || !nodes.has(from)) return;
    if (!graph.causes.some((cause) => cause.from === from && cause.to === to))
      fault(`the critical path goes from ${from} to ${to} without a cause`);
  });
}

const ENDS: Readonly<
  Record<Cause['kind'], readonly [from: readonly AnyNode['type'][], to: AnyNode['type'][]]>
> = {
  published: [['attempt', 'step', 'event'], ['event']],
  delivered: [['event'], ['delivery']],
  attempted: [['delivery'], ['attempt']],
  retried: [['attempt'], ['attempt']],
  'dead-lettered': [['attempt', 'delivery', 'event'], ['event']],
  replayed: [['event'], ['event']],
  called: [
    ['attempt', 'step', 'event'],
    ['step', 'attempt'],
  ],
};

function checkCause(
  { kind, from, to, evidence, confidence }: Cause,
  nodes: ReadonlyMap<string, AnyNode>,
  fault: Fault,
): void {
  const [froms, tos] = ENDS[kind];
  const fromType = nodes.get(from)?.type;
  const toType = nodes.get(to)?.type;
  if (fromType !== undefined && !froms.includes(fromType))
    fault(`${kind} leads from ${from}, of type ${fromType}`);
  if (toType !== undefined && !tos.includes(toType)) fault(`${kind} leads to ${to}, of type ${toType}`);
  if (evidence.length === 0) fault(`${from} → ${to} has no evidence`);
  if (new Set(evidence).size < evidence.length) fault(`${from} → ${to} has evidence twice: ${evidence}`);
  if (!(confidence > 0 && confidence <= 1)) fault(`${from} → ${to} has confidence ${confidence}`);
}

const CERTAIN: ReadonlySet<Evidence> = new Set([
  'parent',
  'link',
  'event-id',
  'causation-id',
  'broker-position',
]);

/**
 * Confidence is 1 where the evidence is certain, and below 1 where it is only a correlation ID or inferred. The exceptions: what hangs
 * below one of several attempts of one span is marked as ambiguous, or was narrowed down by a message key (0.9).
 */
function checkConfidences(graph: WorkflowGraph, fault: Fault): void {
  const ambiguous = new Set(
    graph.findings.filter(({ kind }) => kind === 'ambiguous-cause').flatMap(({ nodes }) => nodes),
  );
  for (const { from, to, kind, evidence, confidence } of graph.causes) {
    const certain = evidence.some((one) => CERTAIN.has(one));
    if (!certain && confidence >= 1) fault(`${from} → ${to} is certain by ${evidence} alone`);
    const below = kind === 'published' || kind === 'called' || kind === 'dead-lettered';
    const excepted = below && (confidence === 0.9 || ambiguous.has(to));
    if (certain && confidence < 1 && !excepted)
      fault(`${from} → ${to} has confidence ${confidence} with ${evidence}`);
  }
}

function checkTimes(graph: WorkflowGraph, fault: Fault): void {
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      if (/(?:UnixNano|^waitNano)$/.test(name)) {
        const nullable = name === 'waitNano' || name === 'endTimeUnixNano';
        if (!(nullable && inner === null) && !(typeof inner === 'string' && /^\d+$/.test(inner)))
          fault(`${path}.${name} is ${JSON.stringify(inner)}`);
      } else visit(inner, `${path}.${name}`);
    }
  };
  visit(graph, 'answer');
  checkWaits(graph, fault);
}

/** `waitNano`: of a first attempt its start less the event's time, of a later one its start less the end of the one before. */
function checkWaits(graph: WorkflowGraph, fault: Fault): void {
  const attempts = new Map(graph.attempts.map((attempt) => [attempt.id, attempt]));
  const events = new Map(graph.events.map((event) => [event.id, event]));
  for (const { event, attempts: ids } of graph.deliveries) {
    ids.forEach((id, at) => {
      const attempt = attempts.get(id);
      const before = at === 0 ? null : attempts.get(ids[at - 1]!);
      if (attempt === undefined || before === undefined) return;
      const since = before === null ? events.get(event)?.timeUnixNano : before.endTimeUnixNano;
      if (since === undefined || since === null) {
        if (since === null && attempt.waitNano !== null) fault(`${id} waited for what has not ended`);
        return;
      }
      const wait = BigInt(attempt.startTimeUnixNano) - BigInt(since);
      if (attempt.waitNano !== null ? BigInt(attempt.waitNano) !== wait : wait >= 0n && seen(graph, event))
        fault(`${id} has waitNano ${attempt.waitNano}, not ${wait}`);
    });
  }
}

/** Whether the time of an event is its own, and not that of the consumer which alone tells of it. */
function seen(graph: WorkflowGraph, eventId: string): boolean {
  return graph.causes.some(({ to, kind }) => to === eventId && kind === 'published');
}

const WITH_HOP: ReadonlySet<string> = new Set(['broken-causality', 'missing-delivery', 'dead-letter']);

function checkFindings(graph: WorkflowGraph, fault: Fault): void {
  for (const { kind, hop, message } of graph.findings) {
    if (WITH_HOP.has(kind) && hop === undefined) fault(`the finding ${kind} names no hop`);
    if (message.trim() === '') fault(`the finding ${kind} says nothing`);
  }
}
