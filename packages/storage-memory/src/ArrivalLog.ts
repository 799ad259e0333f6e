import type { Arrival, Arrivals, StoredRecord } from '@upshot/model';
import { type SpanRow, startOfRow } from '@upshot/storage';
import { traceIdOf } from './SpanIndex.js';

/** What one write brought. */
interface Written {
  readonly stamp: bigint;
  readonly arrivals: readonly Arrival[];
  readonly spans: readonly SpanRow[];
  readonly records: readonly StoredRecord[];
  readonly logs: readonly SpanRow[];
  readonly rows: number;
  /** When the row that started last did. */
  readonly newest: bigint;
}

/** What came when, in the order in which it was written. */
export class ArrivalLog {
  private writes: Written[] = [];
  private last = 0n;

  add(spans: readonly SpanRow[], records: readonly StoredRecord[], logs: readonly SpanRow[]): void {
    const arrivals = new Map<string, Arrival>();
    let rows = 0;
    let newest = 0n;
    const note = (arrival: Arrival, start: bigint) => {
      arrivals.set(textOf(arrival), arrival);
      rows++;
      if (start > newest) newest = start;
    };
    for (const row of spans) note({ traceId: traceIdOf(row), eventId: '' }, startOfRow(row));
    for (const { record, timeUnixNano } of records)
      note({ traceId: record.traceId, eventId: record.eventId }, timeUnixNano);
    for (const row of logs)
      if (!isZero(traceIdOf(row))) note({ traceId: traceIdOf(row), eventId: '' }, startOfRow(row));
    if (rows === 0) return;
    const now = BigInt(Date.now()) * 1_000_000n;
    this.last = now > this.last ? now : this.last + 1n;
    this.writes.push({
      stamp: this.last,
      arrivals: [...arrivals.values()],
      spans,
      records,
      logs,
      rows,
      newest,
    });
  }

  after(mark: bigint | null, limit: number): Arrivals {
    const arrivals = new Map<string, Arrival>();
    let rows = 0;
    let reached = mark ?? 0n;
    for (let at = this.firstBehind(reached); at < this.writes.length; at++) {
      if (arrivals.size >= limit) return { arrivals: [...arrivals.values()], rows, reached, more: true };
      const write = this.writes[at]!;
      for (const arrival of write.arrivals) {
        const text = textOf(arrival);
        if (!arrivals.has(text)) arrivals.set(text, arrival);
      }
      rows += write.rows;
      reached = write.stamp;
    }
    return { arrivals: [...arrivals.values()], rows, reached, more: false };
  }

  /** What was written after a mark and up to another. */
  between(
    mark: bigint | null,
    until: bigint,
  ): { spans: SpanRow[]; records: StoredRecord[]; logs: SpanRow[] } {
    const from = this.firstBehind(mark ?? 0n);
    const writes = this.writes.slice(from, this.firstBehind(until));
    return {
      spans: writes.flatMap(({ spans }) => spans),
      records: writes.flatMap(({ records }) => records),
      logs: writes.flatMap(({ logs }) => logs),
    };
  }

  /** Forgets writes of which all rows started before this. */
  expire(before: bigint): void {
    this.writes = this.writes.filter(({ newest }) => newest >= before);
  }

  /** Forgets rows; that something arrived then stays known. */
  keep(
    spans: (row: SpanRow) => boolean,
    records: (record: StoredRecord) => boolean,
    logs: (row: SpanRow) => boolean,
  ): void {
    this.writes = this.writes.map((write) => ({
      ...write,
      spans: write.spans.filter(spans),
      records: write.records.filter(records),
      logs: write.logs.filter(logs),
    }));
  }

  /** By halving: a log is long, and what is asked for lies at its end. */
  private firstBehind(mark: bigint): number {
    let low = 0;
    for (let high = this.writes.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if (this.writes[middle]!.stamp > mark) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function textOf({ traceId, eventId }: Arrival): string {
  return JSON.stringify([traceId, eventId]);
}

function isZero(hex: string): boolean {
  return /^0*$/.test(hex);
}
