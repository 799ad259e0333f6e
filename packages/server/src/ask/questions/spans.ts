import type { StoredLog, StoredSpan, StoredSpans } from '@upshot/api-contract';
import { askSpans } from '@upshot/causality';
import { decodeLogs, decodeSpans, type Log, type Span } from '@upshot/model';
import type { Page } from '../Question.js';
import { asking, find, type Questioning } from '../Questioning.js';
import { logAsStored } from './logs.js';
import { offsetOf } from './offsetOf.js';
import { spanAsStored } from './spanAsStored.js';

/** Rows that may share a span ID: the same span written again, or both sides of a call. */
const SAME_ID_LIMIT = 1000;
/** Spans whose log records are looked up at once, and log records of one look-up. */
const IDS_AT_ONCE = 2000;
const LOGS_LIMIT = 10_000;

/** The stored spans of a workflow, by start time, a page of them. */
export function* spansOfWorkflow(key: string, page: Page, nowUnixNano: bigint): Questioning<string | null> {
  const spans = yield* asking(askSpans(key, { nowUnixNano }));
  if (!spans) return null;
  const from = page.cursor === null ? 0 : offsetOf(page.cursor);
  const to = from + page.limit;
  const shown = spans.slice(from, to);
  const logs = yield* logsWithin(shown);
  return JSON.stringify({
    spans: shown.map((span) => ({ ...spanAsStored(span), ...logs(span) })),
    nextCursor: to < spans.length ? `${to}` : null,
  } satisfies StoredSpans);
}

/** The stored spans with these IDs: one, or several that differ in kind or content. Hex in either case. */
export function* storedSpan(traceId: string, spanId: string): Questioning<string | null> {
  const ids = { traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() };
  const { spans } = yield* find({ spanIds: [ids.spanId], limit: SAME_ID_LIMIT });
  // A span that was sent twice is stored twice, until the store has merged it.
  const distinct = new Map<string, StoredSpan>();
  const decoded = decodeSpans(spans);
  const logs = yield* logsWithin(decoded);
  for (const span of decoded) {
    if (span.traceId !== ids.traceId || span.spanId !== ids.spanId) continue;
    const stored = { ...spanAsStored(span), ...logs(span) };
    distinct.set(JSON.stringify(stored), stored);
  }
  if (distinct.size === 0) return null;
  const found = [...distinct].sort(([textA, a], [textB, b]) => order(a, b) || (textA < textB ? -1 : 1));
  return JSON.stringify({ spans: found.map(([, span]) => span), nextCursor: null } satisfies StoredSpans);
}

/** The log records that were written in spans, each by time; absent where there are none. */
function* logsWithin(spans: readonly Span[]): Questioning<(span: Span) => { readonly logs?: StoredLog[] }> {
  const bySpan = new Map<string, Log[]>();
  for (let at = 0; at < spans.length; at += IDS_AT_ONCE) {
    const spanIds = spans.slice(at, at + IDS_AT_ONCE).map(({ spanId }) => spanId);
    const { logs } = yield* find({ spanIds, among: 'logs', limit: LOGS_LIMIT });
    for (const log of decodeLogs(logs)) {
      const context = `${log.traceId}/${log.spanId}`;
      const known = bySpan.get(context);
      if (known === undefined) bySpan.set(context, [log]);
      else known.push(log);
    }
  }
  return ({ traceId, spanId }) => {
    const logs = bySpan.get(`${traceId}/${spanId}`);
    if (logs === undefined) return {};
    return { logs: logs.sort((a, b) => (a.timeUnixNano < b.timeUnixNano ? -1 : 1)).map(logAsStored) };
  };
}

function order(a: StoredSpan, b: StoredSpan): number {
  const [startA, startB] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return startA < startB ? -1 : startA > startB ? 1 : 0;
}
