import { type Arrival, type Found, hexAt } from '@upshot/model';
import { gatherSpans, type SpanRow } from '@upshot/storage';
import type { RecentRows } from './RecentRows.js';
import { wholeTraces } from './wholeTraces.js';

/** The rows of one page of arrivals, by trace. */
export class ArrivedRows {
  /** Traces of which the page has all rows there are. */
  readonly whole: ReadonlySet<string>;
  private readonly byTrace = new Map<string, SpanRow[]>();

  constructor(
    private readonly found: Found,
    recent: RecentRows,
  ) {
    const { spans } = found;
    this.whole = wholeTraces(spans, (traceId) => recent.hasSeen(traceId));
    for (let row = 0; row < spans.rows; row++) {
      const traceId = hexAt(spans.traceIds, row * 16, 16);
      const rows = this.byTrace.get(traceId);
      if (rows === undefined) this.byTrace.set(traceId, [{ batch: spans, row }]);
      else rows.push({ batch: spans, row });
    }
  }

  /** The rows of these arrivals. Records and exceptions are few, and given all. */
  of(arrivals: readonly Arrival[]): Pick<Found, 'spans' | 'records' | 'logs'> {
    const rows = arrivals.flatMap(({ traceId }) => this.byTrace.get(traceId) ?? []);
    return { spans: gatherSpans(rows), records: this.found.records, logs: this.found.logs };
  }
}
