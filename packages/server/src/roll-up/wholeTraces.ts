import { hexAt, type SpanBatch } from '@upshot/model';

/**
 * The traces among these rows of which nothing else can have been written before: they have a span without a parent, each parent is there, and no rows of
 * theirs arrived earlier.
 */
export function wholeTraces(spans: SpanBatch, hasSeen: (traceId: string) => boolean): Set<string> {
  const present = new Set<string>();
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < spans.rows; row++) {
    const traceId = hexAt(spans.traceIds, row * 16, 16);
    present.add(traceId + hexAt(spans.spanIds, row * 8, 8));
    const rows = rowsOf.get(traceId);
    if (rows === undefined) rowsOf.set(traceId, [row]);
    else rows.push(row);
  }
  const whole = new Set<string>();
  for (const [traceId, rows] of rowsOf) {
    if (hasSeen(traceId)) continue;
    let roots = 0;
    const isClosed = rows.every((row) => {
      const parent = hexAt(spans.parentSpanIds, row * 8, 8);
      if (parent === NO_PARENT) roots++;
      return parent === NO_PARENT || present.has(traceId + parent);
    });
    if (isClosed && roots > 0) whole.add(traceId);
  }
  return whole;
}

const NO_PARENT = '0'.repeat(16);
