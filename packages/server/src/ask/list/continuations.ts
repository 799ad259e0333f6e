import { type EntryPoint, type Found, hexAt, type SpanBatch, SpanKind } from '@upshot/model';
import { find, type Questioning } from '../Questioning.js';

/** Rows looked at: traces so large that they are cut off here are judged by assembling them. */
const ROWS = 100_000;
const NONE = -1;

/**
 * The entry points that can't be the earliest one of any workflow: spans whose parents lead, within their trace, to a root that began
 * earlier. Most consumers are such where context travels in messages, and one look-up of their traces tells, where assembling
 * their workflows would take several and all that work.
 *
 * A consumer counts only where its parent is the producer that sent to it. Below the span of a poll it may belong, by its links, to workflows to
 * which that poll's root does not.
 */
export function* continuations(entries: readonly EntryPoint[]): Questioning<Set<EntryPoint>> {
  const traceIds = [...new Set(entries.map(({ traceId }) => traceId))].filter((traceId) => traceId !== '');
  const found = yield* find({ traceIds, limit: ROWS });
  return continuationsIn(found, entries);
}

function continuationsIn({ spans }: Found, entries: readonly EntryPoint[]): Set<EntryPoint> {
  const rows = new Map<string, number>();
  for (let row = 0; row < spans.rows; row++) rows.set(nameOfRow(spans, spans.spanIds, row), row);
  const starts = new DataView(spans.starts.buffer, spans.starts.byteOffset, spans.starts.byteLength);
  const continuing = new Set<EntryPoint>();
  for (const entry of entries) {
    if (entry.eventId !== '') continue;
    const row = rows.get(entry.traceId + entry.spanId);
    const root = row === undefined ? NONE : rootOf(spans, rows, row);
    if (root === NONE || root === row) continue;
    if (starts.getBigUint64(root * 8, true) < entry.timeUnixNano) continuing.add(entry);
  }
  return continuing;
}

/** The row of the root to which a span's parents lead; `NONE` where they lead elsewhere. */
function rootOf(spans: SpanBatch, rows: ReadonlyMap<string, number>, from: number): number {
  const seen = new Set<number>();
  let row = from;
  while (hasParent(spans, row)) {
    const parent = rows.get(nameOfRow(spans, spans.parentSpanIds, row));
    if (parent === undefined || seen.has(parent)) return NONE;
    if (spans.kinds[row] === SpanKind.consumer && spans.kinds[parent] !== SpanKind.producer) return NONE;
    seen.add(parent);
    row = parent;
  }
  return spans.kinds[row] !== SpanKind.consumer && spans.entries[row] === 1 ? row : NONE;
}

function hasParent(spans: SpanBatch, row: number): boolean {
  for (let at = row * 8; at < row * 8 + 8; at++) if (spans.parentSpanIds[at] !== 0) return true;
  return false;
}

function nameOfRow(spans: SpanBatch, ids: Uint8Array, row: number): string {
  return hexAt(spans.traceIds, row * 16, 16) + hexAt(ids, row * 8, 8);
}
