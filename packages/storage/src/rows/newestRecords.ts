import type { StoredRecord } from '@upshot/model';

/** The records, cut to the newest `limit` where there are more. */
export function newestRecords(
  records: readonly StoredRecord[],
  limit: number,
): { readonly records: readonly StoredRecord[]; readonly more: boolean } {
  if (records.length <= limit) return { records, more: false };
  const sorted = [...records].sort((a, b) =>
    a.timeUnixNano < b.timeUnixNano ? 1 : a.timeUnixNano > b.timeUnixNano ? -1 : 0,
  );
  return { records: sorted.slice(0, limit), more: true };
}
