import type { EntryPoint, Found, Lookup } from '@upshot/model';
import {
  compareEntries,
  type EntryQuery,
  gatherSpans,
  newestRecords,
  newestRows,
  StorageError,
  type Store,
  type StoreStatistics,
  startOfRow,
  type WriteBatch,
} from '@upshot/storage';
import { RecordIndex } from './RecordIndex.js';
import { SpanIndex, spanIdOf, traceIdOf } from './SpanIndex.js';

/** The storage contract over arrays and maps: for tests and for a first look. Nothing survives the process. */
export class MemoryStore implements Store {
  readonly description = 'store in memory, not durable';
  private readonly spans = new SpanIndex();
  private readonly records = new RecordIndex();
  private closed = false;

  async write(batch: WriteBatch): Promise<void> {
    this.mustBeOpen();
    for (const spans of batch.spans) this.spans.add(spans);
    for (const record of batch.records) this.records.add(record);
  }

  async find(lookup: Lookup): Promise<Found> {
    this.mustBeOpen();
    const rows = this.spans.find(lookup);
    const cut = rows.length > lookup.limit;
    const { records, more } = newestRecords(this.records.find(lookup), lookup.limit);
    return {
      spans: gatherSpans(cut ? newestRows(rows, lookup.limit) : rows),
      records: records.map((record) => structuredClone(record)),
      more: cut || more,
      unavailable: [],
    };
  }

  async entries({ before, since = 0n, limit }: EntryQuery): Promise<EntryPoint[]> {
    this.mustBeOpen();
    const entries: EntryPoint[] = this.spans.entries().map((row) => ({
      timeUnixNano: startOfRow(row),
      traceId: traceIdOf(row),
      spanId: spanIdOf(row),
      eventId: '',
    }));
    for (const { timeUnixNano, record } of this.records.all()) {
      entries.push({
        timeUnixNano,
        traceId: record.traceId,
        spanId: record.spanId ?? '',
        eventId: record.eventId,
      });
    }
    return entries
      .filter(({ timeUnixNano }) => timeUnixNano >= since && (before === undefined || timeUnixNano < before))
      .sort(compareEntries)
      .slice(0, limit);
  }

  async statistics(): Promise<StoreStatistics> {
    this.mustBeOpen();
    return { spans: this.spans.size, records: this.records.size, bytes: 0 };
  }

  async expire(before: bigint): Promise<void> {
    this.mustBeOpen();
    this.spans.expire(before);
    this.records.expire(before);
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private mustBeOpen(): void {
    if (this.closed) throw new StorageError('closed', `The ${this.description}, was closed.`);
  }
}
