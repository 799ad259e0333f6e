import type { Reading } from '../interpret/Reading.js';
import { type Contexts, push } from './Contexts.js';
import { contextKey } from './nodes.js';

/**
 * Fetching spans whose work does not stand below them, and that are no attempts all the same. The work links to them (Go's kotel with
 * `LinkSpans`), or is beside them, a child of the same publish with the same message (Wolverine), or came of another fetch of the message: a client
 * reads ahead, and what it has read is thrown away where the consumer seeks back. Adds them to `carriers`.
 */
export function addFetchedApart(contexts: Contexts, carriers: Map<Reading, Reading[]>): void {
  const carried = new Set([...carriers.values()].flat());
  const fetching = new Map<string, Reading[]>();
  const open: Reading[] = [];
  for (const reading of contexts.topDown) {
    if (reading.role === 'receive' && !carriers.has(reading)) {
      const at = besideKey(reading);
      if (at !== null) push(fetching, at, reading);
    } else if (reading.role === 'process' && !carried.has(reading) && !carriers.has(reading))
      open.push(reading);
  }
  for (const reading of open) {
    const fetched = linkedFetch(contexts, reading) ?? fetchedBeside(fetching, reading);
    if (fetched !== null) push(carriers, fetched, reading);
  }
  addReadAhead(contexts, carriers);
}

/** A consumer whose work on a message shows by spans of its own has not worked on what it fetched without one. */
function addReadAhead(contexts: Contexts, carriers: Map<Reading, Reading[]>): void {
  const worked = new Map<string, Reading[]>();
  for (const [carrier, within] of carriers) {
    const key = carrier.role === 'receive' ? fetchKey(carrier) : null;
    if (key !== null) for (const one of within) push(worked, key, one);
  }
  const carried = new Set([...carriers.values()].flat());
  for (const reading of contexts.topDown) {
    const isWork = reading.role === 'process' && !carried.has(reading) && !carriers.has(reading);
    const key = isWork ? fetchKey(reading) : null;
    if (key !== null) push(worked, key, reading);
  }
  for (const reading of contexts.topDown) {
    if (reading.role !== 'receive' || carriers.has(reading)) continue;
    const key = fetchKey(reading);
    const later = key === null ? undefined : nextOrLast(worked.get(key) ?? [], reading);
    if (later !== undefined) carriers.set(reading, [later]);
  }
}

/** What all fetches of one message by one consumer have in common; null for a fetch that says of no single message where it comes from. */
function fetchKey({ service, consumer, span, messages }: Reading): string | null {
  const message = messages.length === 1 ? messages[0]! : null;
  const spanId = span.parentSpanId;
  const from = message?.link ?? (spanId === '' ? null : { traceId: span.traceId, spanId });
  if (message === null || from === null) return null;
  return JSON.stringify([
    service,
    consumer,
    contextKey(from),
    message.eventId,
    message.partition,
    message.offset,
  ]);
}

function nextOrLast(worked: readonly Reading[], fetched: Reading): Reading | undefined {
  const byStart = [...worked].sort((a, b) =>
    a.span.startTimeUnixNano < b.span.startTimeUnixNano
      ? -1
      : a.span.startTimeUnixNano > b.span.startTimeUnixNano
        ? 1
        : a.id < b.id
          ? -1
          : 1,
  );
  return (
    byStart.find(({ span }) => span.startTimeUnixNano >= fetched.span.startTimeUnixNano) ?? byStart.at(-1)
  );
}

/** The fetching span of the same service that the only link of a process span names. */
function linkedFetch(contexts: Contexts, reading: Reading): Reading | null {
  const link = reading.messages.length === 1 ? reading.messages[0]!.link : null;
  const target = link === null ? null : contexts.at(link);
  return target?.role === 'receive' && target.service === reading.service ? target : null;
}

function fetchedBeside(fetching: ReadonlyMap<string, readonly Reading[]>, reading: Reading): Reading | null {
  const at = besideKey(reading);
  const before = (at === null ? [] : (fetching.get(at) ?? [])).filter(
    ({ span }) => span.startTimeUnixNano <= reading.span.startTimeUnixNano,
  );
  return before.reduce<Reading | null>(
    (latest, one) =>
      latest === null || one.span.startTimeUnixNano > latest.span.startTimeUnixNano ? one : latest,
    null,
  );
}

/** What a fetch and its work have in common; null for spans that name no parent or no message. */
function besideKey({ service, span, messages }: Reading): string | null {
  const id = messages.length === 1 ? messages[0]!.eventId : null;
  if (id === null || span.parentSpanId === '') return null;
  return `${service}|${contextKey({ traceId: span.traceId, spanId: span.parentSpanId })}|${id}`;
}
