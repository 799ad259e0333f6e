import type { SpanBatch } from '@upshot/model';
import { gatherSpans, type SpanRow } from './gatherSpans.js';

/** Start of a row in Unix nanoseconds. */
export function startOfRow({ batch, row }: SpanRow): bigint {
  return new DataView(batch.starts.buffer, batch.starts.byteOffset + row * 8, 8).getBigUint64(0, true);
}

/** All rows of several batches in one, cut to the newest `limit` where there are more. */
export function newestSpans(
  batches: readonly SpanBatch[],
  limit: number,
): { readonly spans: SpanBatch; readonly more: boolean } {
  if (batches.length === 1 && batches[0]!.rows <= limit) return { spans: batches[0]!, more: false };
  const rows: SpanRow[] = [];
  for (const batch of batches) for (let row = 0; row < batch.rows; row++) rows.push({ batch, row });
  if (rows.length <= limit) return { spans: gatherSpans(rows), more: false };
  return { spans: gatherSpans(newestRows(rows, limit)), more: true };
}

/** The `limit` rows that started last, newest first. */
export function newestRows(rows: readonly SpanRow[], limit: number): SpanRow[] {
  return rows
    .map((row) => ({ row, start: startOfRow(row) }))
    .sort((a, b) => (a.start < b.start ? 1 : a.start > b.start ? -1 : 0))
    .slice(0, limit)
    .map(({ row }) => row);
}

/** A batch without rows. */
export const NO_ROWS: SpanBatch = gatherSpans([]);
