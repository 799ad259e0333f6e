import { hexAt } from '@upshot/model';
import type { SpanRow } from '@upshot/storage';

/** Whether these rows of one trace hold a span without a parent, and the parent of every other: nothing of it can have been written before. */
export function isClosed(rows: readonly SpanRow[]): boolean {
  const present = new Set<string>();
  for (const { batch, row } of rows) present.add(hexAt(batch.spanIds, row * 8, 8));
  let hasRoot = false;
  for (const { batch, row } of rows) {
    const parent = hexAt(batch.parentSpanIds, row * 8, 8);
    if (parent === NO_PARENT) hasRoot = true;
    else if (!present.has(parent)) return false;
  }
  return hasRoot;
}

const NO_PARENT = '0'.repeat(16);
