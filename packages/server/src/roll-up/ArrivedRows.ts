import { NEAR_NANO } from '@upshot/causality';
import { type Arrival, type Found, hexAt, type Span, type SpanBatch, SpanDecoder } from '@upshot/model';
import type { SpanRow } from '@upshot/storage';
import { isClosed } from './isClosed.js';
import type { RecentRows } from './RecentRows.js';

/** Beyond so many, records that belong to others would be read anew for each piece of a page. */
const FEW_RECORDS = 200;

/** The rows of one page of arrivals, by trace, and with them what is held of these traces from before. */
export class ArrivedRows {
  /** Traces of which nothing had arrived before this page. */
  readonly fresh: ReadonlySet<string>;
  private readonly records: Found['records'];
  private readonly byTrace: Map<string, SpanRow[]>;
  private readonly decoders = new Map<SpanBatch, SpanDecoder>();

  /** `recent`: what arrived before the page. What is whole of the page is held there from now on. */
  constructor(
    { spans, records, logs }: Pick<Found, 'spans' | 'records' | 'logs'>,
    private readonly recent: RecentRows,
  ) {
    this.records = records;
    this.byTrace = rowsByTrace(spans);
    // Few traces have exceptions among their logs: these are read from the store, where both are.
    const logged = new Set<string>();
    for (let row = 0; row < logs.rows; row++) logged.add(hexAt(logs.traceIds, row * 16, 16));
    for (const traceId of logged) recent.held.letGo(traceId);
    const fresh = new Set<string>();
    for (const [traceId, rows] of this.byTrace) {
      if (logged.has(traceId)) continue;
      if (recent.held.has(traceId)) recent.held.add(traceId, rows);
      else if (!recent.hasSeen(traceId) && (recent.knowsAll || isClosed(rows))) {
        recent.held.add(traceId, rows);
        fresh.add(traceId);
      }
    }
    this.fresh = fresh;
  }

  /** Whether all rows of the trace that have arrived are at hand. */
  isWhole(traceId: string): boolean {
    return this.recent.held.has(traceId);
  }

  /** The rows at hand of a trace. */
  rowsOf(traceId: string): readonly SpanRow[] {
    return this.isWhole(traceId) ? this.recent.held.of(traceId) : (this.byTrace.get(traceId) ?? []);
  }

  /** Whether all that may be near its spans arrived lately: then the store need not be asked what belongs to them. */
  isRecent(traceId: string): boolean {
    const rows = this.rowsOf(traceId);
    return rows.length > 0 && rows.every((row) => startOfRow(row) - NEAR_NANO >= this.recent.sinceUnixNano);
  }

  /** The spans at hand of these arrivals. */
  spansOf(arrivals: readonly Arrival[]): Span[] {
    return arrivals.flatMap(({ traceId }) =>
      this.rowsOf(traceId).map(({ batch, row }) => this.decoderOf(batch).decode(row, traceId)),
    );
  }

  /** The records of these arrivals; where the page has few, all of them. */
  recordsOf(arrivals: readonly Arrival[]): Found['records'] {
    if (this.records.length <= FEW_RECORDS) return this.records;
    const traces = new Set(arrivals.map(({ traceId }) => traceId));
    const events = new Set(arrivals.map(({ eventId }) => eventId));
    return this.records.filter(({ record }) =>
      record.traceId === '' ? events.has(record.eventId) : traces.has(record.traceId),
    );
  }

  private decoderOf(batch: SpanBatch): SpanDecoder {
    let decoder = this.decoders.get(batch);
    if (decoder === undefined) {
      decoder = new SpanDecoder(batch);
      this.decoders.set(batch, decoder);
    }
    return decoder;
  }
}

/** Unix nanoseconds, when the span began. */
function startOfRow({ batch: { starts }, row }: SpanRow): bigint {
  return new DataView(starts.buffer, starts.byteOffset + row * 8, 8).getBigUint64(0, true);
}

function rowsByTrace(spans: SpanBatch): Map<string, SpanRow[]> {
  const byTrace = new Map<string, SpanRow[]>();
  for (let row = 0; row < spans.rows; row++) {
    const traceId = hexAt(spans.traceIds, row * 16, 16);
    const rows = byTrace.get(traceId);
    if (rows === undefined) byTrace.set(traceId, [{ batch: spans, row }]);
    else rows.push({ batch: spans, row });
  }
  return byTrace;
}
