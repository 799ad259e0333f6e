import type {
  AttemptNode,
  Cause,
  DeliveryNode,
  EventNode,
  Finding,
  GraphNode,
  StepNode,
  WorkflowGraph,
} from '@upshot/model';
import { nanos } from '../../words/format.js';
import { bySeverity } from '../../words/states.js';
import { push } from './groupBy.js';

/** Of what a card is made: a delivery with all its attempts, or a step that nothing of this workflow caused. */
export type Owner = ({ readonly type: 'delivery' } & DeliveryNode) | ({ readonly type: 'step' } & StepNode);

const NO_CAUSES: readonly Cause[] = [];
const NO_STEPS: readonly StepNode[] = [];
const NO_DELIVERIES: readonly DeliveryNode[] = [];

/**
 * A workflow by its IDs: who is whose, as the API says it. Linear in the size of the graph; takes any graph: edges to nodes that are not there
 * are left out, and what is a cycle stays one.
 */
export class WorkflowIndex {
  /** When the workflow began, Unix nanoseconds: offsets count from here. */
  readonly start: bigint;
  readonly end: bigint;
  readonly critical: ReadonlySet<string>;
  private readonly nodes = new Map<string, GraphNode>();
  private readonly ins = new Map<string, Cause[]>();
  private readonly outs = new Map<string, Cause[]>();
  private readonly deliveries = new Map<string, DeliveryNode[]>();
  private readonly steps = new Map<string, StepNode[]>();
  private readonly owners = new Map<string, string>();
  private readonly byNode = new Map<string, Finding[]>();

  constructor(readonly graph: WorkflowGraph) {
    this.start = nanos(graph.startTimeUnixNano);
    this.end = nanos(graph.endTimeUnixNano);
    this.critical = new Set(graph.criticalPath);
    for (const node of graph.events) this.nodes.set(node.id, { type: 'event', ...node });
    for (const node of graph.deliveries) this.nodes.set(node.id, { type: 'delivery', ...node });
    for (const node of graph.attempts) this.nodes.set(node.id, { type: 'attempt', ...node });
    for (const node of graph.steps) this.nodes.set(node.id, { type: 'step', ...node });
    for (const cause of graph.causes) {
      if (!this.nodes.has(cause.from) || !this.nodes.has(cause.to) || cause.from === cause.to) continue;
      push(this.ins, cause.to, cause);
      push(this.outs, cause.from, cause);
    }
    for (const delivery of graph.deliveries) push(this.deliveries, delivery.event, delivery);
    for (const list of this.deliveries.values()) list.sort((a, b) => this.compare(a.id, b.id));
    for (const step of graph.steps) {
      const owner = this.ownerOf(step.id);
      if (owner !== step.id) push(this.steps, owner, step);
    }
    for (const finding of graph.findings) for (const id of finding.nodes) push(this.byNode, id, finding);
    for (const list of this.byNode.values()) list.sort(bySeverity);
  }

  node(id: string | null | undefined): GraphNode | undefined {
    return id ? this.nodes.get(id) : undefined;
  }

  event(id: string): EventNode | undefined {
    const node = this.nodes.get(id);
    return node?.type === 'event' ? node : undefined;
  }

  delivery(id: string): DeliveryNode | undefined {
    const node = this.nodes.get(id);
    return node?.type === 'delivery' ? node : undefined;
  }

  /** In their order. */
  attempts(delivery: DeliveryNode): AttemptNode[] {
    return delivery.attempts.flatMap((id) => {
      const node = this.nodes.get(id);
      return node?.type === 'attempt' ? [node] : [];
    });
  }

  causes(id: string): readonly Cause[] {
    return this.ins.get(id) ?? NO_CAUSES;
  }

  effects(id: string): readonly Cause[] {
    return this.outs.get(id) ?? NO_CAUSES;
  }

  /** By the time when they were first seen, then by ID: an order that later telemetry only appends to. */
  deliveriesOf(event: string): readonly DeliveryNode[] {
    return this.deliveries.get(event) ?? NO_DELIVERIES;
  }

  /** The steps within a delivery's attempts or below a root step, in the order of the answer. */
  stepsOf(owner: string): readonly StepNode[] {
    return this.steps.get(owner) ?? NO_STEPS;
  }

  findingsOf(id: string): readonly Finding[] {
    return this.byNode.get(id) ?? [];
  }

  /** The delivery or root step that a node belongs to; an event belongs to itself. */
  ownerOf(id: string): string {
    const known = this.owners.get(id);
    if (known !== undefined) return known;
    const path: string[] = [];
    let at = id;
    let owner: string | null = null;
    for (;;) {
      owner = this.owners.get(at) ?? null;
      if (owner !== null) break;
      const node = this.nodes.get(at);
      const above = node?.type === 'attempt' ? node.delivery : node?.type === 'step' ? node.parent : null;
      const next = above === null || above === undefined ? undefined : this.nodes.get(above);
      // A step below an event has nothing to stand in, and steps in a circle have no top.
      if (!next || next.type === 'event' || next.type === 'delivery' || path.includes(next.id)) {
        owner = next?.type === 'delivery' ? next.id : at;
        break;
      }
      path.push(at);
      at = next.id;
    }
    for (const one of [...path, at, id]) this.owners.set(one, owner);
    return owner;
  }

  owner(id: string): Owner | undefined {
    const node = this.nodes.get(this.ownerOf(id));
    return node?.type === 'delivery' || node?.type === 'step' ? node : undefined;
  }

  /** When something was first seen of a node, Unix nanoseconds; a delivery nobody took begins with its event. */
  timeOf(id: string): bigint {
    const node = this.nodes.get(id);
    switch (node?.type) {
      case undefined:
        return this.start;
      case 'event':
        return nanos(node.timeUnixNano);
      case 'attempt':
      case 'step':
        return nanos(node.startTimeUnixNano);
      case 'delivery': {
        const first = this.nodes.get(node.attempts[0] ?? '');
        return first?.type === 'attempt' ? nanos(first.startTimeUnixNano) : this.timeOf(node.event);
      }
    }
  }

  /** By time, then by ID; what never came stands last. */
  readonly compare = (a: string, b: string): number => {
    const [lateA, lateB] = [this.isMissing(a), this.isMissing(b)];
    if (lateA !== lateB) return lateA ? 1 : -1;
    const [timeA, timeB] = [this.timeOf(a), this.timeOf(b)];
    return timeA < timeB ? -1 : timeA > timeB ? 1 : a < b ? -1 : a > b ? 1 : 0;
  };

  private isMissing(id: string): boolean {
    const node = this.nodes.get(id);
    return node?.type === 'delivery' && node.status === 'missing';
  }
}
