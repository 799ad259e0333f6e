import { correlationOf } from '../join/narrow.js';
import type { Edge, GraphDraftNode } from '../nodes.js';
import { topologicalOrder } from '../topologicalOrder.js';

/** A correlation ID with more roots than this names no workflow (a tenant, say). */
export const MAX_ROOTS_OF_CORRELATION = 20;

/** What belongs to several workflows has no class of its own. */
const SHARED = -1;

/**
 * Which workflow each node belongs to. A workflow is its roots and all that they led to, never the connected component: a node with causes in
 * several workflows belongs to all of them and joins none. Roots are one workflow where they share a trace or a correlation ID that is
 * not too broad; what is shared passes no correlation on.
 */
export class Partition {
  /** Causes before effects. */
  readonly ordered: readonly GraphDraftNode[];
  /** Correlation IDs (environment and ID, as `correlationKey` joins them) with too many roots. */
  readonly tooBroad = new Set<string>();
  private readonly labels = new Map<GraphDraftNode, number>();
  private readonly roots: GraphDraftNode[];
  private readonly parent: number[] = [];
  /** Roots that are no consumers' shadows, by index. */
  private readonly trueRoots: readonly number[];
  private rootsByClass: ReadonlyMap<number, readonly GraphDraftNode[]> | null = null;

  constructor(nodes: readonly GraphDraftNode[]) {
    this.ordered = topologicalOrder(nodes);
    this.roots = this.ordered.filter((node) => node.causes.length === 0);
    this.roots.forEach((root, index) => {
      this.labels.set(root, index);
      this.parent.push(index);
    });
    this.trueRoots = this.roots.flatMap((root, index) => (isConsumerRoot(root) ? [] : [index]));
    this.uniteByTrace();
    for (let again = true; again; ) {
      this.spread();
      again = this.uniteByCorrelation();
    }
    this.settleFanIns();
  }

  /** Whether a correlation ID is too broad in any environment. */
  isTooBroad(correlationId: string): boolean {
    for (const key of this.tooBroad)
      if ((JSON.parse(key) as [string, string])[1] === correlationId) return true;
    return false;
  }

  /**
   * Whether so many actions carry a correlation ID that it names none, for all that a part of its rows tells. What names a cause that is not at hand may
   * belong to any of the others: it does not count.
   */
  hasManyBeginnings(correlationId: string): boolean {
    const beginnings = new Set<number>();
    for (const index of this.trueRoots) {
      const root = this.roots[index]!;
      if (declaredBy(root) === correlationId && !namesCause(root)) beginnings.add(this.find(index));
      if (beginnings.size > MAX_ROOTS_OF_CORRELATION) return true;
    }
    return false;
  }

  /** The workflow that a node alone belongs to, as a number; null for a shared node. */
  classOf(node: GraphDraftNode): number | null {
    const label = this.labels.get(node);
    return label === undefined || label === SHARED ? null : this.find(label);
  }

  /** The roots of one workflow, the most telling first: no consumers' guesses where there is a true root, then by time. */
  rootsOf(workflow: number): readonly GraphDraftNode[] {
    this.rootsByClass ??= this.rootsInOrder();
    return this.rootsByClass.get(workflow) ?? [];
  }

  private rootsInOrder(): Map<number, GraphDraftNode[]> {
    const byClass = new Map<number, GraphDraftNode[]>();
    for (const root of this.roots) {
      const of = this.classOf(root);
      if (of === null) continue;
      const own = byClass.get(of);
      if (own === undefined) byClass.set(of, [root]);
      else own.push(root);
    }
    for (const own of byClass.values())
      own.sort((a, b) => Number(isConsumerRoot(a)) - Number(isConsumerRoot(b)) || byTimeAndId(a, b));
    return byClass;
  }

  private find(label: number): number {
    let at = label;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]!]!;
      at = this.parent[at]!;
    }
    return at;
  }

  private unite(a: number, b: number): boolean {
    const x = this.find(a);
    const y = this.find(b);
    if (x === y) return false;
    // The smaller number stands, so that the result doesn't depend on the order of unions.
    this.parent[Math.max(x, y)] = Math.min(x, y);
    return true;
  }

  /** Roots of one trace are one workflow: only the span above them is missing. Two that declare different correlations are not. */
  private uniteByTrace(): void {
    const byTrace = new Map<string, number[]>();
    this.roots.forEach((root, index) => {
      const trace = rootTrace(root);
      if (trace === '' || trace === null) return;
      const others = byTrace.get(trace);
      if (others === undefined) {
        byTrace.set(trace, [index]);
        return;
      }
      const own = declaredBy(root);
      const fitting = others.find((other) => {
        const declared = declaredBy(this.roots[other]!);
        return own === null || declared === null || own === declared;
      });
      if (fitting === undefined) others.push(index);
      else this.unite(fitting, index);
    });
  }

  /** Gives each node the class of its causes, where they agree. */
  private spread(): void {
    for (const node of this.ordered) {
      if (node.causes.length === 0) continue;
      let label: number | undefined;
      for (const edge of node.causes) {
        const of = this.labels.get(edge.from);
        if (of === undefined) continue; // within a circle
        const found = of === SHARED ? SHARED : this.find(of);
        if (label === undefined) label = found;
        else if (label !== found) label = SHARED;
        if (isDoubtful(edge)) label = SHARED;
        if (label === SHARED) break;
      }
      this.labels.set(node, label ?? SHARED);
    }
  }

  private uniteByCorrelation(): boolean {
    const declared = new Map<string, Set<number>>();
    // Neighbours mostly declare the same: its key is made once for all of them.
    let last: { environment: string; id: string; labels: Set<number> } | null = null;
    for (const node of this.ordered) {
      const id = declaredBy(node);
      if (id === null) continue;
      const label = this.labels.get(node)!;
      if (label === SHARED) continue;
      const environment = environmentOf(node);
      if (last === null || last.id !== id || last.environment !== environment) {
        const key = correlationKey(environment, id);
        let labels = declared.get(key);
        if (labels === undefined) {
          labels = new Set();
          declared.set(key, labels);
        }
        last = { environment, id, labels };
      }
      last.labels.add(this.find(label));
    }
    const trueLabels = new Set(this.trueRoots.map((index) => this.find(index)));
    let united = false;
    for (const [key, labels] of declared) {
      if (labels.size <= 1 || this.tooBroad.has(key)) continue;
      const [first, ...rest] = labels;
      if ([...labels].filter((label) => trueLabels.has(label)).length > MAX_ROOTS_OF_CORRELATION)
        this.tooBroad.add(key);
      else for (const label of rest) united = this.unite(first!, label) || united;
    }
    return united;
  }

  /** A fan-in inside one workflow is not ambiguous: all its causes are meant. */
  private settleFanIns(): void {
    for (const node of this.ordered) {
      if (this.classOf(node) === null) continue;
      for (const edge of node.causes) {
        if (!edge.ambiguous || node.causes.length === 1) continue;
        if (edge.owners !== null && !this.agree(edge.owners)) continue;
        edge.ambiguous = false;
        if (!edge.evidence.has('correlation-id') || edge.evidence.size > 1) edge.confidence = 1;
      }
    }
  }

  private agree(owners: ReadonlySet<GraphDraftNode>): boolean {
    let first: number | null | undefined;
    for (const owner of owners) {
      const of = this.classOf(owner);
      if (of === null || (first !== undefined && of !== first)) return false;
      first = of;
    }
    return true;
  }
}

/** Whether an edge stands for others that are not drawn: then its node is shared, whoever its drawn causes are. */
function isDoubtful({ ambiguous, owners, to }: Edge): boolean {
  return ambiguous && owners !== null && owners.size > to.causes.length;
}

export function correlationKey(environment: string, correlationId: string): string {
  return JSON.stringify([environment, correlationId]);
}

/** The correlation ID that a node declares itself. */
export function declaredBy(node: GraphDraftNode): string | null {
  switch (node.type) {
    case 'event':
      return node.correlationId;
    case 'attempt':
      return correlationOf(node);
    case 'step':
      return node.reading.correlationId;
    default:
      return null;
  }
}

export function environmentOf(node: GraphDraftNode): string {
  if (node.type === 'event') return node.environment;
  return node.type === 'delivery' ? node.event.environment : node.reading.environment;
}

/** A root that is but the shadow of a consumer: its publish is not known. */
export function isConsumerRoot(node: GraphDraftNode): boolean {
  return node.type === 'event' && node.unseen !== null;
}

/** Whether a root says that something caused it, which is not at hand. */
function namesCause(root: GraphDraftNode): boolean {
  if (root.type === 'event' && root.causationId !== null) return true;
  return (root.type === 'event' || root.type === 'step') && (root.reading?.span.parentSpanId ?? '') !== '';
}

/** The trace in which a root stands, or was published; null for an event that nothing but a consumer without context tells of. */
function rootTrace(root: GraphDraftNode): string | null {
  if (root.type === 'event') {
    if (root.unseen === 'no-context') return null;
    return root.missing?.traceId ?? root.reading?.span.traceId ?? null;
  }
  return root.type === 'step' ? root.reading.span.traceId : null;
}

export function timeOf(node: GraphDraftNode): bigint {
  if (node.type === 'event') return node.time;
  if (node.type === 'delivery') return node.event.time;
  return node.reading.span.startTimeUnixNano;
}

export function byTimeAndId(a: GraphDraftNode, b: GraphDraftNode): number {
  const at = timeOf(a);
  const bt = timeOf(b);
  if (at !== bt) return at < bt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
