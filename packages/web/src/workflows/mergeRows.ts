import type { WorkflowRow } from '@upshot/model';

/**
 * What the list shows once newer answers came: the same rows in the same places, each as it is now; rows that are new wait, so that nothing
 * moves under the reader's hand.
 * @param shown rows as they stand, newest first
 * @param head the first page as it is now
 */
export function mergeRows(
  shown: readonly WorkflowRow[],
  head: readonly WorkflowRow[],
): { readonly rows: readonly WorkflowRow[]; readonly waiting: readonly WorkflowRow[] } {
  const now = new Map(head.map((row) => [row.key, row]));
  const keys = new Set<string>();
  const rows: WorkflowRow[] = [];
  for (const row of shown) {
    // A page that begins where another was cut may hold a row again.
    if (keys.has(row.key)) continue;
    keys.add(row.key);
    rows.push(now.get(row.key) ?? row);
  }
  const newest = shown[0];
  const waiting = head.filter(
    (row) =>
      !keys.has(row.key) && (!newest || BigInt(row.startTimeUnixNano) >= BigInt(newest.startTimeUnixNano)),
  );
  return { rows, waiting };
}
