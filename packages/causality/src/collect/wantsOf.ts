import { positionId, SpanKind } from '@upshot/model';
import type { CausalGraph } from '../graph/buildGraph.js';
import type { AttemptDraft, EventDraft, GraphDraftNode } from '../graph/nodes.js';
import { declaredBy, type Partition } from '../graph/part/Partition.js';
import type { MessageRef, Reading } from '../interpret/Reading.js';
import type { Reach, Wanted } from './Wanted.js';

/** Traces too large to be fetched whole: their spans are asked for one by one. */
export type LargeTraces = ReadonlySet<string>;

/**
 * What one node of a workflow may be connected to that has not been asked for: the spans around it in its trace, who links to it, who carries the
 * same message or names it as its cause, and all that declares its correlation. Of a batch's span only what this message says.
 */
export function wantForNode(
  node: GraphDraftNode,
  wanted: Wanted,
  partition: Partition,
  large: LargeTraces,
): void {
  switch (node.type) {
    case 'event':
      wantForEvent(node, wanted, large);
      break;
    case 'attempt':
      wantForAttempt(node, wanted, large);
      break;
    case 'step':
      wantAround(node.reading, wanted, large);
      for (const link of node.reading.span.links) wantTrace(link.traceId, link.spanId, wanted, large);
      break;
    case 'delivery':
      return;
  }
  if (partition.classOf(node) !== null) wanted.want('correlationIds', declaredBy(node));
}

/**
 * The traces of spans that were folded into nodes of the answer: a poll that links to what it fetched stands in a trace of its own, with
 * further spans that belong to the same attempts.
 */
export function wantAroundFolded(
  { nodesOf }: CausalGraph,
  members: ReadonlySet<GraphDraftNode>,
  wanted: Wanted,
  large: LargeTraces,
): void {
  for (const [{ span, stored }, nodes] of nodesOf) {
    if (!stored || !nodes.some((node) => node.type === 'attempt' && node.reading.span !== span)) continue;
    if (nodes.some((node) => members.has(node))) wantTrace(span.traceId, span.spanId, wanted, large);
  }
}

/** The publishes, themselves alone, that decide to whom something below a batch of the answer belongs. */
export function wantForDoubts(
  { doubts }: CausalGraph,
  members: ReadonlySet<GraphDraftNode>,
  wanted: Wanted,
): void {
  for (const { attempts, publishes } of doubts) {
    if (!attempts.some((attempt) => members.has(attempt))) continue;
    for (const { traceId, spanId } of publishes) wanted.wantWithin(traceId, spanId);
  }
}

function wantForEvent(event: EventDraft, wanted: Wanted, large: LargeTraces): void {
  // Who consumed an event whose publish is known, and what that led to, came after it.
  wanted.want('eventIds', event.eventId, event.reading === null ? 'far' : 'near');
  wanted.want('causationIds', event.eventId, 'near');
  wanted.want('eventIds', event.causationId, event.causes.length > 0 ? 'near' : 'far');
  if (event.missing !== null) {
    wantTrace(event.missing.traceId, event.missing.spanId, wanted, large);
    // Others may name the same span that has not arrived: attempts on the same message.
    wanted.wantLinksTo(event.missing.traceId, event.missing.spanId);
  }
  for (const { record } of event.records) wanted.want('traceIds', record.traceId);
  if (event.reading === null) return;
  wantMessage(event.message, event.reading, wanted, 'near');
  wantAround(event.reading, wanted, large);
  for (const link of event.reading.span.links) wantTrace(link.traceId, link.spanId, wanted, large);
}

function wantForAttempt({ reading, message, event }: AttemptDraft, wanted: Wanted, large: LargeTraces): void {
  wantMessage(message, reading, wanted, event.unseen === null ? 'near' : 'far');
  if (message.link !== null) wantTrace(message.link.traceId, message.link.spanId, wanted, large);
  wantAround(reading, wanted, large);
}

function wantMessage(message: MessageRef, reading: Reading, wanted: Wanted, reach: Reach): void {
  wanted.want('eventIds', message.eventId, reach);
  wanted.want('causationIds', message.eventId, 'near');
  wanted.want('eventIds', message.causationId, reach);
  // Where there is an ID, who has the message has the ID: a position is asked for only where nothing else tells.
  if (message.eventId === null) wantPosition(message, reading, wanted, reach);
  // Of a consumer that nothing joins to a publish yet; what was published is asked for by it only where nobody is known to have consumed it.
  if (reach === 'far') wanted.want('eventIds', message.transportId, reach);
}

/**
 * Who consumed the events of which no consumer is known, where there is nothing else to ask for: of a message whose headers were lost its consumers know
 * but the position, or what the broker calls it. Not at once, for positions repeat over clusters, and may bring much that belongs to others.
 */
export function wantForUnconsumed(members: ReadonlySet<GraphDraftNode>, wanted: Wanted): void {
  for (const node of members) {
    if (node.type !== 'event' || node.reading === null) continue;
    if (node.deliveries.some(({ attempts }) => attempts.length > 0)) continue;
    wantPosition(node.message, node.reading, wanted, 'near');
    wanted.want('eventIds', node.message.transportId, 'near');
  }
}

function wantPosition(
  { partition, offset }: MessageRef,
  reading: Reading,
  wanted: Wanted,
  reach: Reach,
): void {
  if (offset === null || partition === null) return;
  for (const place of reading.places) wanted.want('eventIds', positionId(place, partition, offset), reach);
}

function wantAround(reading: Reading, wanted: Wanted, large: LargeTraces): void {
  const { traceId, spanId, parentSpanId, kind } = reading.span;
  if (traceId === '') return;
  wantTrace(traceId, spanId, wanted, large);
  if (large.has(traceId)) wanted.wantWithin(traceId, parentSpanId);
  // Nobody links to a call to a database; whoever carries a message may be linked to.
  const linkable = kind !== SpanKind.client || reading.role !== 'step';
  if (linkable && spanId !== '') wanted.wantLinksTo(traceId, spanId);
}

function wantTrace(traceId: string, spanId: string, wanted: Wanted, large: LargeTraces): void {
  if (large.has(traceId)) wanted.wantWithin(traceId, spanId);
  else wanted.want('traceIds', traceId);
}
