import type { Cause, GraphNode, WorkflowGraph } from '@upshot/model';
import { nanos } from '../words/nanos.js';

/** A node below another one, and the edge that put it there; null where only a field of the node says so. */
export interface Child {
  readonly id: string;
  readonly cause: Cause | null;
}

/** Transport steps left out below a node. */
export interface Folded {
  count: number;
  failed: number;
}

const NONE: readonly Child[] = [];

/**
 * The graph as a tree has to see it: what stands below what, in the order of time, and where the roots are. Built once, in linear
 * time but for sorting; takes any graph: edges to nodes that are not there are left out, cycles stay.
 *
 * Attempts stand below their delivery in order, so `attempted` and `retried` edges add nothing. Transport steps are folded into
 * what stands above them, and what they led to moves up, unless `transport` asks for them or they are roots.
 */
export class Outline {
  readonly nodes = new Map<string, GraphNode>();
  readonly roots: readonly string[];
  private readonly below = new Map<string, Child[]>();
  private readonly folds = new Map<string, Folded>();
  private readonly mentioned = new Map<string, number>();
  private readonly attemptEdges = new Map<string, Cause>();

  constructor(
    readonly graph: WorkflowGraph,
    private readonly transport: boolean,
  ) {
    for (const node of graph.events) this.nodes.set(node.id, { type: 'event', ...node });
    for (const node of graph.deliveries) this.nodes.set(node.id, { type: 'delivery', ...node });
    for (const node of graph.attempts) this.nodes.set(node.id, { type: 'attempt', ...node });
    for (const node of graph.steps) this.nodes.set(node.id, { type: 'step', ...node });
    this.addEdges();
    this.addFields();
    const caused = new Set<string>();
    for (const children of this.below.values()) for (const child of children) caused.add(child.id);
    this.foldTransport(caused);
    for (const [id, children] of this.below) {
      const unique = [...new Map(children.map((child) => [child.id, child])).values()];
      this.below.set(id, this.sorted(unique));
      for (const child of unique) this.mentioned.set(child.id, (this.mentioned.get(child.id) ?? 0) + 1);
    }
    const roots = [...this.nodes.keys()].filter((id) => !caused.has(id)).map((id) => ({ id, cause: null }));
    this.roots = this.sorted(roots).map(({ id }) => id);
  }

  /** A node that is there. */
  node(id: string): GraphNode {
    return this.nodes.get(id)!;
  }

  /** All nodes. */
  byTime(): string[] {
    return this.sorted([...this.nodes.keys()].map((id) => ({ id, cause: null }))).map(({ id }) => id);
  }

  children(id: string): readonly Child[] {
    return this.below.get(id) ?? NONE;
  }

  folded(id: string): Folded | undefined {
    return this.folds.get(id);
  }

  /** From how many places the tree leads to this node. */
  mentions(id: string): number {
    return this.mentioned.get(id) ?? 0;
  }

  /** The `attempted` edge of an attempt, for what it says of its evidence. */
  attemptCause(id: string): Cause | null {
    return this.attemptEdges.get(id) ?? null;
  }

  private addEdges(): void {
    for (const cause of this.graph.causes) {
      const [from, to] = [this.nodes.get(cause.from), this.nodes.get(cause.to)];
      if (!from || !to || from === to) continue;
      if (to.type === 'attempt' && this.nodes.get(to.delivery)?.type === 'delivery') {
        if (cause.kind === 'attempted') this.attemptEdges.set(to.id, cause);
        if (cause.kind === 'attempted' || cause.kind === 'retried') continue;
      }
      this.put(cause.from, { id: cause.to, cause });
    }
  }

  /** What no edge says but a field does: an attempt's delivery, a delivery's event, a step's parent. */
  private addFields(): void {
    const byEdge = new Set<string>();
    for (const children of this.below.values()) for (const child of children) byEdge.add(child.id);
    for (const { id, delivery } of this.graph.attempts) this.putBelow(delivery, id, 'delivery');
    for (const { id, event } of this.graph.deliveries) if (!byEdge.has(id)) this.putBelow(event, id, 'event');
    for (const { id, parent } of this.graph.steps)
      if (parent !== null && !byEdge.has(id)) this.putBelow(parent, id);
  }

  private putBelow(parent: string, id: string, type?: GraphNode['type']): void {
    const node = this.nodes.get(parent);
    if (node && parent !== id && (type === undefined || node.type === type))
      this.put(parent, { id, cause: null });
  }

  private put(parent: string, child: Child): void {
    const children = this.below.get(parent);
    if (children) children.push(child);
    else this.below.set(parent, [child]);
  }

  private foldTransport(caused: ReadonlySet<string>): void {
    if (this.transport) return;
    const isFolded = (id: string): boolean => {
      const node = this.nodes.get(id);
      return node?.type === 'step' && node.layer === 'transport' && caused.has(id);
    };
    const done = new Set<string>();
    for (const [id, children] of [...this.below]) {
      if (isFolded(id) || !children.some((child) => isFolded(child.id))) continue;
      const lifted: Child[] = [];
      const fold: Folded = { count: 0, failed: 0 };
      const open = [...children].reverse();
      for (let child = open.pop(); child; child = open.pop()) {
        if (!isFolded(child.id)) {
          if (child.id !== id) lifted.push(child);
        } else if (!done.has(child.id)) {
          done.add(child.id);
          fold.count++;
          const step = this.nodes.get(child.id);
          if (step?.type === 'step' && step.error) fold.failed++;
          for (const below of this.children(child.id).toReversed()) open.push(below);
        }
      }
      this.below.set(id, lifted);
      if (fold.count > 0) this.folds.set(id, fold);
    }
    for (const id of done) {
      this.below.delete(id);
      this.nodes.delete(id);
    }
  }

  /** By time, then by ID; attempts of one delivery by number; what never came last. */
  private sorted(children: readonly Child[]): Child[] {
    const keyed = children.map((child) => {
      const node = this.nodes.get(child.id)!;
      return { child, late: isMissing(node), number: numberOf(node), time: this.timeOf(node) };
    });
    keyed.sort(
      (a, b) =>
        Number(a.late) - Number(b.late) ||
        compare(a.time, b.time) ||
        a.number - b.number ||
        compare(a.child.id, b.child.id),
    );
    return keyed.map(({ child }) => child);
  }

  private timeOf(node: GraphNode): bigint {
    switch (node.type) {
      case 'event':
        return nanos(node.timeUnixNano);
      case 'attempt':
      case 'step':
        return nanos(node.startTimeUnixNano);
      case 'delivery': {
        const first = this.nodes.get(node.attempts[0] ?? '');
        if (first?.type === 'attempt') return nanos(first.startTimeUnixNano);
        const event = this.nodes.get(node.event);
        return event?.type === 'event' ? nanos(event.timeUnixNano) : 0n;
      }
    }
  }
}

function isMissing(node: GraphNode): boolean {
  return node.type === 'delivery' && node.status === 'missing';
}

function numberOf(node: GraphNode): number {
  return node.type === 'attempt' ? node.number : 0;
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
