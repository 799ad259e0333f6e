import type { StoredSpan, StoredSpans } from '@upshot/api-contract';
import { askSpans } from '@upshot/causality';
import { decodeSpans } from '@upshot/model';
import type { Page } from '../Question.js';
import { asking, find, type Questioning } from '../Questioning.js';
import { offsetOf } from './offsetOf.js';
import { spanAsStored } from './spanAsStored.js';

/** Rows that may share a span ID: the same span written again, or both sides of a call. */
const SAME_ID_LIMIT = 1000;

/** The stored spans of a workflow, by start time, a page of them. */
export function* spansOfWorkflow(key: string, page: Page, nowUnixNano: bigint): Questioning<string | null> {
  const spans = yield* asking(askSpans(key, { nowUnixNano }));
  if (!spans) return null;
  const from = page.cursor === null ? 0 : offsetOf(page.cursor);
  const to = from + page.limit;
  return JSON.stringify({
    spans: spans.slice(from, to).map(spanAsStored),
    nextCursor: to < spans.length ? `${to}` : null,
  } satisfies StoredSpans);
}

/** The stored spans with these IDs: one, or several that differ in kind or content. Hex in either case. */
export function* storedSpan(traceId: string, spanId: string): Questioning<string | null> {
  const ids = { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() };
  const { spans } = yield* find({ spanIds: [ids.spanId], limit: SAME_ID_LIMIT });
  // A span that was sent twice is stored twice, until the store has merged it.
  const distinct = new Map<string, StoredSpan>();
  for (const span of decodeSpans(spans)) {
    if (span.traceId !== ids.traceId || span.spanId !== ids.spanId) continue;
    const stored = spanAsStored(span);
    distinct.set(JSON.stringify(stored), stored);
  }
  if (distinct.size === 0) return null;
  const found = [...distinct].sort(([textA, a], [textB, b]) => order(a, b) || (textA < textB ? -1 : 1));
  return JSON.stringify({ spans: found.map(([, span]) => span), nextCursor: null } satisfies StoredSpans);
}

function order(a: StoredSpan, b: StoredSpan): number {
  const [startA, startB] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return startA < startB ? -1 : startA > startB ? 1 : 0;
}
