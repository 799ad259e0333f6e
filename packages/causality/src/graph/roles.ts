import { SpanKind } from '@upshot/model';
import type { Reading } from '../interpret/Reading.js';
import { type Contexts, push } from './Contexts.js';
import { addFetchedApart } from './fetchedApart.js';
import { contextKey } from './nodes.js';
import { Settled } from './Settled.js';

/** What each reading is, once its neighbours are known. */
export interface Roles {
  /** Spans that publish, each one event or a bulk of them. */
  readonly publishes: readonly Reading[];
  /** Spans that are attempts, one for each of their messages. */
  readonly attempts: readonly Reading[];
  /** Fetching spans (`receive`, `poll`, an outer `process`) → the attempts within them, or beside them. */
  readonly carriers: ReadonlyMap<Reading, readonly Reading[]>;
  /** Fetching spans that name, against the flow, the consumer spans of what they fetched → these. */
  readonly gatherers: ReadonlyMap<Reading, readonly Reading[]>;
  /** `send` spans that only carry the messages of `create` spans → these. */
  readonly senders: ReadonlyMap<Reading, readonly Reading[]>;
  /** Settle spans → the attempt that they settle. */
  readonly settles: ReadonlyMap<Reading, Reading>;
  /** All else. */
  readonly steps: readonly Reading[];
}

/**
 * Tells attempts from what stands around them: a `receive` with `process` spans below is not an attempt, without them it is; a
 * `process` within a `process` of the same message is a step of it; a `send` beside `create` spans publishes nothing itself.
 */
export function rolesOf(contexts: Contexts): Roles {
  const publishes: Reading[] = [];
  const attempts: Reading[] = [];
  const steps: Reading[] = [];
  const carriers = new Map<Reading, Reading[]>();
  const senders = new Map<Reading, Reading[]>();
  const settles = new Map<Reading, Reading>();
  const nested = nestedProcesses(contexts, carriers);
  addFetchedApart(contexts, carriers);
  const gatherers = gatherersIn(contexts);

  for (const reading of contexts.topDown) {
    if (reading.role === 'publish') {
      const created = createdOf(contexts, reading);
      if (created.length > 0) senders.set(reading, created);
      else publishes.push(reading);
    } else if (reading.role === 'process') {
      if (carriers.has(reading)) continue;
      if (nested.has(reading)) steps.push(reading);
      else attempts.push(reading);
    } else if (reading.role === 'receive') {
      if (carriers.has(reading)) continue;
      if (gatherers.has(reading)) continue;
      if (speaksOfMessages(contexts, reading)) attempts.push(reading);
      else steps.push(reading);
    } else if (reading.role === 'step') steps.push(reading);
  }
  const settled = new Settled(contexts, attempts, carriers);
  for (const reading of contexts.topDown) {
    if (reading.role !== 'settle') continue;
    const attempt = settled.by(reading);
    if (attempt === null) steps.push(reading);
    else settles.set(reading, attempt);
  }
  return { publishes, attempts, carriers, gatherers, senders, settles, steps };
}

/** Fills `carriers`; returns the process spans that are steps of another one. */
function nestedProcesses(contexts: Contexts, carriers: Map<Reading, Reading[]>): Set<Reading> {
  const nested = new Set<Reading>();
  for (const reading of contexts.topDown) {
    if (reading.role !== 'process') continue;
    const around = enclosingConsumer(contexts, reading);
    if (around === null || nested.has(around)) {
      if (around !== null) nested.add(reading);
      continue;
    }
    const fetches =
      around.role === 'receive' ||
      (around.roleByKind && around.messages[0]!.link === null && !reading.roleByKind) ||
      (around.messages.length > 1 && reading.messages.length < around.messages.length);
    if (fetches || hasOwnMessage(reading, around)) push(carriers, around, reading);
    else nested.add(reading);
  }
  return nested;
}

/** The nearest fetching or processing span around this one, through local steps of the same service. */
function enclosingConsumer(contexts: Contexts, reading: Reading): Reading | null {
  let at = contexts.parentOf(reading);
  for (let hops = 0; at !== null && hops < 8; hops++) {
    if (at.service !== reading.service) return null;
    if (at.role === 'receive' || at.role === 'process') return at;
    if (at.role !== 'step') return null;
    at = contexts.parentOf(at);
  }
  return null;
}

/** Whether a process span within another speaks of another message than that one. */
function hasOwnMessage(inner: Reading, outer: Reading): boolean {
  const a = inner.messages[0]!;
  const b = outer.messages[0]!;
  if (a.link !== null) {
    const outerParent = outer.span.parentSpanId;
    const sameLink = outer.messages.some(
      ({ link }) => link !== null && contextKey(link) === contextKey(a.link!),
    );
    return !sameLink && !(a.link.traceId === outer.span.traceId && a.link.spanId === outerParent);
  }
  if (a.eventId !== null && b.eventId !== null) return a.eventId !== b.eventId;
  if (a.offset !== null && b.offset !== null) return a.offset !== b.offset || a.partition !== b.partition;
  return false;
}

/** The `create` spans whose messages a `send` carries: those it links to, those below it, and those beside it in its own service. */
function createdOf(contexts: Contexts, send: Reading): Reading[] {
  if (send.creates) return [];
  const linked = send.span.links
    .map((link) => contexts.at(link))
    .filter((target): target is Reading => target?.creates === true || isMessageOf(target, send));
  if (linked.length > 0) return [...new Set(linked)];
  return contexts.children(send).filter((child) => child.creates && child.service === send.service);
}

/** Azure's SDK for .NET names no operation: a producer span `Message` each, and beside them a client span that sends and links to them. */
function isMessageOf(target: Reading | null, send: Reading): boolean {
  if (send.span.kind !== SpanKind.client || target?.span.kind !== SpanKind.producer) return false;
  return target.role === 'publish' && target.service === send.service;
}

/**
 * Fetching spans that link to the consumer spans of what they fetched, and those around them (aiokafka's `getmany`: a poll, below it one span per
 * partition, which links to one span per record). The links run against the flow: they cause nothing.
 */
function gatherersIn(contexts: Contexts): Map<Reading, Reading[]> {
  const gatherers = new Map<Reading, Reading[]>();
  for (let at = contexts.topDown.length - 1; at >= 0; at--) {
    const reading = contexts.topDown[at]!;
    if (reading.role !== 'receive') continue;
    const { links } = reading.span;
    const linked = links.map((link) => contexts.at(link)).filter((target) => isConsumerOf(target, reading));
    if (linked.length < links.length) continue;
    const gathered = [
      ...linked,
      ...contexts.children(reading).flatMap((child) => gatherers.get(child) ?? []),
    ];
    if (gathered.length > 0) gatherers.set(reading, [...new Set(gathered)]);
  }
  return gatherers;
}

function isConsumerOf(target: Reading | null, gatherer: Reading): target is Reading {
  if (target === null || target.service !== gatherer.service) return false;
  return target.role === 'receive' || target.role === 'process';
}

/** Whether a fetching span without a process span speaks of messages: then it is all that is known of their processing. */
function speaksOfMessages(contexts: Contexts, reading: Reading): boolean {
  const message = reading.messages[0]!;
  if (reading.messages.length > 1 || message.link !== null || message.eventId !== null) return true;
  if (message.offset !== null) return true;
  const parent = contexts.parentOf(reading);
  if (parent !== null && parent.service !== reading.service) return true;
  if (parent?.role === 'publish') return true;
  // A poll by a client that names no message fetched nothing that anyone could follow.
  return reading.span.kind === 5 && reading.batchCount !== 0;
}
