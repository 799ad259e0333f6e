import type { Reading } from '../interpret/Reading.js';
import { type Contexts, push } from './Contexts.js';
import { contextKey } from './nodes.js';

/**
 * Fetching spans whose work does not stand below them, and that are no attempts all the same. The work links to them (Go's kotel with
 * `LinkSpans`), or is beside them, a child of the same publish with the same message (Wolverine). Adds them to `carriers`.
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
