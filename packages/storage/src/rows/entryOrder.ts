import type { EntryPoint } from '@upshot/model';

/** The order of `Store.entries`: newest first; ties by trace ID, span ID, event ID. */
export function compareEntries(a: EntryPoint, b: EntryPoint): number {
  if (a.timeUnixNano !== b.timeUnixNano) return a.timeUnixNano < b.timeUnixNano ? 1 : -1;
  return (
    compareTexts(a.traceId, b.traceId) ||
    compareTexts(a.spanId, b.spanId) ||
    compareTexts(a.eventId, b.eventId)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
