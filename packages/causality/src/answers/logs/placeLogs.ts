import type { Log, LogLine } from '@upshot/model';
import { contextKey, type EventDraft, type GraphDraftNode } from '../../graph/nodes.js';
import { byTimeAndId, environmentOf } from '../../graph/part/Partition.js';
import { said } from '../../interpret/concepts.js';
import { idsOfLog, type LogIds } from '../../interpret/idsOfLog.js';
import type { Reading } from '../../interpret/Reading.js';
import { traceOf, type Workflow } from '../Workflow.js';
import { serviceOf } from './logLine.js';
import { Timeline } from './Timeline.js';

/** A log record at its node. */
export interface PlacedLog {
  readonly log: Log;
  readonly placedBy: LogLine['placedBy'];
}

/** IDs that are counters name no event in particular. */
const COUNTER = /^\d+$/;

/**
 * The log records of a workflow, at their nodes: by the span in which they were written; else by the event that they name, at the attempt of their
 * service; else by trace or correlation, at what their service was doing then. What belongs to others is left out.
 */
export function placeLogs(
  workflow: Workflow,
  nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
  logs: readonly Log[],
): Map<GraphDraftNode, PlacedLog[]> {
  const placed = new Map<GraphDraftNode, PlacedLog[]>();
  // Most workflows have none, and large ones would be laid out for nothing.
  if (logs.length === 0) return placed;
  const placer = new Placer(workflow, nodesOf);
  for (const log of logs) {
    const at = placer.place(log);
    for (const node of at?.nodes ?? []) {
      const of = placed.get(node);
      const one: PlacedLog = { log, placedBy: at!.placedBy };
      if (of === undefined) placed.set(node, [one]);
      else of.push(one);
    }
  }
  return placed;
}

interface Placed {
  readonly nodes: readonly GraphDraftNode[];
  readonly placedBy: LogLine['placedBy'];
}

class Placer {
  /** All nodes of the graph, by the spans for which they stand. */
  private readonly bySpan = new Map<string, GraphDraftNode[]>();
  private readonly byEventId = new Map<string, EventDraft[]>();
  private readonly ofTrace = new Map<string, Timeline>();
  private readonly all: Timeline;
  private readonly correlationIds: ReadonlySet<string>;

  constructor(
    private readonly workflow: Workflow,
    nodesOf: ReadonlyMap<Reading, readonly GraphDraftNode[]>,
  ) {
    for (const [{ span }, nodes] of nodesOf) {
      const known = this.bySpan.get(contextKey(span));
      if (known === undefined) this.bySpan.set(contextKey(span), [...nodes]);
      else for (const node of nodes) known.push(node);
    }
    for (const event of workflow.events) {
      if (event.eventId === null) continue;
      const known = this.byEventId.get(event.eventId);
      if (known === undefined) this.byEventId.set(event.eventId, [event]);
      else known.push(event);
    }
    const members = workflow.ordered.filter(({ type }) => type !== 'delivery');
    const traces = new Map<string, GraphDraftNode[]>();
    for (const node of members) {
      const traceId = traceOf(node);
      const known = traces.get(traceId);
      if (known === undefined) traces.set(traceId, [node]);
      else known.push(node);
    }
    for (const [traceId, nodes] of traces) if (traceId !== '') this.ofTrace.set(traceId, new Timeline(nodes));
    this.all = new Timeline(members);
    const tooBroad = new Set(workflow.tooBroad);
    this.correlationIds = new Set(workflow.correlationIds.filter((id) => !tooBroad.has(id)));
  }

  place(log: Log): Placed | null {
    const ids = idsOfLog(log);
    const inSpan = log.spanId === '' ? undefined : this.bySpan.get(contextKey(log));
    if (inSpan !== undefined) return this.within(inSpan, ids);
    const named = this.named(log, ids);
    if (named !== null) return named;
    const service = serviceOf(log);
    const inTrace = this.ofTrace.get(log.traceId)?.at(service, log.timeUnixNano);
    if (inTrace !== undefined) return { nodes: [inTrace], placedBy: 'trace' };
    if (ids.correlationId === null || !this.correlationIds.has(ids.correlationId)) return null;
    const near = this.all.at(service, log.timeUnixNano);
    if (near === undefined || !this.sameEnvironment(log, near)) return null;
    return { nodes: [near], placedBy: 'correlation-id' };
  }

  /** Of a span that stands for several messages, those that the record names; where it names none, all that are here. */
  private within(nodes: readonly GraphDraftNode[], { eventId, correlationId }: LogIds): Placed | null {
    const meant = [
      nodes.filter((node) => eventId !== null && eventIdOf(node) === eventId),
      nodes.filter((node) => correlationId !== null && correlationIdOf(node) === correlationId),
      nodes,
    ].find(({ length }) => length > 0)!;
    const { members } = this.workflow;
    const here = meant
      .filter((node) => members.has(node))
      .map((node) => (node.type === 'delivery' ? node.event : node));
    return here.length === 0 ? null : { nodes: [...new Set(here)], placedBy: 'span' };
  }

  /** By the event that it names: at the last attempt of its service that had begun, else at the event. */
  private named(log: Log, { eventId }: LogIds): Placed | null {
    if (eventId === null || (COUNTER.test(eventId) && !this.ofTrace.has(log.traceId))) return null;
    const events = this.byEventId.get(eventId)?.filter((event) => this.sameEnvironment(log, event)) ?? [];
    if (events.length === 0) return null;
    const service = serviceOf(log);
    const attempts = events
      .flatMap(({ deliveries }) => deliveries.flatMap((delivery) => delivery.attempts))
      .filter((attempt) => attempt.reading.service === service && this.workflow.members.has(attempt));
    const node =
      attempts.length === 0
        ? events[0]!
        : new Timeline(attempts.sort(byTimeAndId)).at(service, log.timeUnixNano)!;
    return { nodes: [node], placedBy: 'event-id' };
  }

  /** IDs join nothing across environments; a record that says none is taken for one of the same. */
  private sameEnvironment({ source }: Log, node: GraphDraftNode): boolean {
    const environment = said(source.resource, 'environment');
    return environment === null || environment === environmentOf(node);
  }
}

function eventIdOf(node: GraphDraftNode): string | null {
  if (node.type === 'event') return node.eventId;
  return node.type === 'attempt' || node.type === 'delivery' ? node.event.eventId : null;
}

function correlationIdOf(node: GraphDraftNode): string | null {
  if (node.type === 'event') return node.correlationId;
  return node.type === 'attempt' || node.type === 'delivery' ? node.event.correlationId : null;
}
