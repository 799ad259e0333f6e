import type { StoredSpans } from '@upshot/api-contract';
import { askSpans } from '@upshot/causality';
import { decodeSpans, type Span } from '@upshot/model';
import { AskError } from '../AskError.js';
import type { Page } from '../Question.js';
import { asking, find, type Questioning } from '../Questioning.js';
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

/** The stored spans with these IDs: one, or several of unlike kind. Hex in either case. */
export function* storedSpan(traceId: string, spanId: string): Questioning<string | null> {
  const ids = { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() };
  const { spans } = yield* find({ spanIds: [ids.spanId], limit: SAME_ID_LIMIT });
  const byKind = new Map<number, Span>();
  for (const span of decodeSpans(spans)) {
    if (span.traceId !== ids.traceId || span.spanId !== ids.spanId) continue;
    const known = byKind.get(span.kind);
    if (!known || span.endTimeUnixNano > known.endTimeUnixNano) byKind.set(span.kind, span);
  }
  if (byKind.size === 0) return null;
  const found = [...byKind.values()].sort(
    (a, b) => Number(a.startTimeUnixNano - b.startTimeUnixNano) || a.kind - b.kind,
  );
  return JSON.stringify({ spans: found.map(spanAsStored), nextCursor: null } satisfies StoredSpans);
}

function offsetOf(cursor: string): number {
  if (/^[0-9]{1,9}$/.test(cursor)) return Number(cursor);
  throw new AskError('bad-request', 'cursor must be the nextCursor of the page before, unchanged');
}
