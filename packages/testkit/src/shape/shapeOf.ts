import type { AttemptNode, DeliveryNode, EventNode, StepNode, WorkflowGraph } from '@upshot/model';

interface Line {
  readonly text: string;
  readonly children: readonly string[];
}

/**
 * What a workflow looks like without IDs and times, one line for each business step, event and delivery, indented below its cause. Equal for equal
 * behaviour: siblings are in the order of their texts, transport steps are left out, like steps are counted.
 *
 *     place-order (shop)
 *       order.placed
 *         billing: authorize-payment recovered (failed, failed, succeeded)
 *           payment.authorized
 */
export function shapeOf(graph: WorkflowGraph): string {
  const lines = new Lines(graph);
  return [`workflow ${graph.status}`, ...lines.below(lines.roots, 1, new Set())].join('\n');
}

class Lines {
  readonly roots: readonly string[];
  private readonly lines = new Map<string, Line>();

  constructor(graph: WorkflowGraph) {
    const parents = parentsOf(graph);
    const children = new Map<string, Set<string>>();
    const roots = new Set<string>();
    const shown = shownIn(graph, new Map(graph.attempts.map((attempt) => [attempt.id, attempt])));
    for (const [id] of shown) {
      const above = shownAbove(id, parents, shown);
      if (above.size === 0) roots.add(id);
      for (const parent of above) (children.get(parent) ?? setOf(children, parent)).add(id);
    }
    for (const [id, text] of shown)
      this.lines.set(id, { text, children: this.sorted(children.get(id), shown) });
    this.roots = this.sorted(roots, shown);
  }

  below(ids: readonly string[], depth: number, seen: Set<string>): string[] {
    const written: string[] = [];
    for (let at = 0; at < ids.length; at++) {
      const { text, children } = this.lines.get(ids[at]!)!;
      const indent = '  '.repeat(depth);
      if (seen.has(ids[at]!)) {
        written.push(`${indent}${text} (see above)`);
        continue;
      }
      seen.add(ids[at]!);
      let alike = 1;
      // Steps of repeated attempts are the same step again and again.
      while (children.length === 0 && at + 1 < ids.length && this.isAlike(ids[at + 1]!, text)) {
        at++;
        alike++;
        seen.add(ids[at]!);
      }
      written.push(
        `${indent}${text}${alike > 1 ? ` ×${alike}` : ''}`,
        ...this.below(children, depth + 1, seen),
      );
    }
    return written;
  }

  private isAlike(id: string, text: string): boolean {
    const line = this.lines.get(id)!;
    return line.text === text && line.children.length === 0;
  }

  private sorted(ids: ReadonlySet<string> | undefined, texts: ReadonlyMap<string, string>): string[] {
    return [...(ids ?? [])].sort((a, b) => compare(texts.get(a)!, texts.get(b)!) || compare(a, b));
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function setOf(map: Map<string, Set<string>>, key: string): Set<string> {
  const made = new Set<string>();
  map.set(key, made);
  return made;
}

/** Everything with a line of its own, by node ID. Attempts are told in the line of their delivery. */
function shownIn(graph: WorkflowGraph, attempts: ReadonlyMap<string, AttemptNode>): Map<string, string> {
  const guessed = new Set(
    graph.causes.filter(({ kind, confidence }) => kind === 'delivered' && confidence < 1).map(({ to }) => to),
  );
  const shown = new Map<string, string>();
  for (const step of graph.steps) if (step.layer === 'business') shown.set(step.id, stepText(step));
  for (const event of graph.events) shown.set(event.id, eventText(event));
  for (const delivery of graph.deliveries)
    shown.set(delivery.id, deliveryText(delivery, attempts, guessed.has(delivery.id)));
  return shown;
}

function stepText({ step, service, error }: StepNode): string {
  return `${step} (${service})${error === null ? '' : ' failed'}`;
}

function eventText({ kind, eventName, producer, spanId, error }: EventNode): string {
  const unseen = producer === '' && spanId === null ? ' (nobody published it)' : '';
  const unsent = error === undefined ? '' : ' never published';
  return `${kind === 'event' ? '' : `${kind} `}${eventName}${unseen}${unsent}`;
}

function deliveryText(
  delivery: DeliveryNode,
  attempts: ReadonlyMap<string, AttemptNode>,
  guessed: boolean,
): string {
  const own = delivery.attempts.flatMap((id) => attempts.get(id) ?? []).sort((a, b) => a.number - b.number);
  const steps = [...new Set(own.map(({ step }) => step))].join(', ');
  const tries = own.length > 1 ? ` (${own.map(({ outcome }) => outcome).join(', ')})` : '';
  const lost = guessed ? ' (context lost)' : '';
  return `${delivery.consumer}: ${steps === '' ? '' : `${steps} `}${delivery.status}${tries}${lost}`;
}

function parentsOf(graph: WorkflowGraph): Map<string, Set<string>> {
  const parents = new Map<string, Set<string>>();
  const add = (child: string, parent: string) => (parents.get(child) ?? setOf(parents, child)).add(parent);
  for (const { id, parent } of graph.steps) if (parent !== null) add(id, parent);
  for (const { id, event } of graph.deliveries) add(id, event);
  for (const { id, delivery } of graph.attempts) add(id, delivery);
  // A retry follows its delivery already.
  for (const { from, to, kind } of graph.causes) if (kind !== 'retried') add(to, from);
  return parents;
}

/** The nearest nodes above that have lines. */
function shownAbove(
  id: string,
  parents: ReadonlyMap<string, ReadonlySet<string>>,
  shown: ReadonlyMap<string, string>,
): Set<string> {
  const found = new Set<string>();
  const visited = new Set<string>([id]);
  const waiting = [...(parents.get(id) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (visited.has(next)) continue;
    visited.add(next);
    if (shown.has(next)) found.add(next);
    else waiting.push(...(parents.get(next) ?? []));
  }
  return found;
}
