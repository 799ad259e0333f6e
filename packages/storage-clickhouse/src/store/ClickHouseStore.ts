import type { EntryPoint, Found, Lookup } from '@upshot/model';
import { hexAt } from '@upshot/model';
import {
  CONTINUING_ENTRIES,
  compareEntries,
  type EntryQuery,
  newestRecords,
  newestSpans,
  StorageError,
  type Store,
  type StoreStatistics,
  type WriteBatch,
} from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeRecordRows, viewOf } from '../native/decodeRecordRows.js';
import { decodeSpanRows } from '../native/decodeSpanRows.js';
import { readBlocks } from '../native/NativeBlock.js';
import { textOf } from '../native/NativeReader.js';
import { NANOS_PER_DAY } from '../native/receiptDay.js';
import { decodeRecordBody } from '../native/recordBody.js';
import { entryRecordsSql, entrySpansSql, rootedTracesSql } from '../sql/entriesSql.js';
import { dropPartitionSql, expiredPartitionsSql } from '../sql/expireSql.js';
import { findRecordsSql, findSpansSql } from '../sql/findSql.js';
import { STATISTICS_SQL } from '../sql/statisticsSql.js';
import { WriteQueue } from './WriteQueue.js';

const UINT64_END = 1n << 64n;

/** The storage contract over ClickHouse's SQL. What carries the SQL is the engine's matter. */
export class ClickHouseStore implements Store {
  readonly description: string;
  private readonly writes: WriteQueue;
  private closed = false;

  /** `clock`: Unix milliseconds, by which rows with wild start times are filed. */
  constructor(
    private readonly engine: Engine,
    clock: () => number,
  ) {
    this.description = engine.description;
    this.writes = new WriteQueue(engine, clock);
  }

  async write(batch: WriteBatch): Promise<void> {
    this.mustBeOpen();
    await this.writes.write(batch);
  }

  async find(lookup: Lookup, options?: { timeoutMs?: number }): Promise<Found> {
    this.mustBeOpen();
    const [spanAnswers, recordAnswers] = await Promise.all([
      Promise.all(findSpansSql(lookup).map((sql) => this.engine.query(sql, options))),
      Promise.all(findRecordsSql(lookup).map((sql) => this.engine.query(sql, options))),
    ]);
    const { spans, more } = newestSpans(
      spanAnswers.map((answer) => decodeSpanRows(readBlocks(answer))),
      lookup.limit,
    );
    const records = newestRecords(
      recordAnswers.flatMap((answer) => decodeRecordRows(readBlocks(answer))),
      lookup.limit,
    );
    return { spans, records: records.records, more: more || records.more, unavailable: [] };
  }

  async entries(query: EntryQuery): Promise<EntryPoint[]> {
    this.mustBeOpen();
    const bounded = {
      ...query,
      ...(query.before !== undefined && query.before >= UINT64_END && { before: undefined }),
    };
    if (query.limit < 1 || (query.before ?? 1n) <= 0n || (query.since ?? 0n) >= UINT64_END) return [];
    if ((query.since ?? 0n) <= 0n) bounded.since = undefined;
    const [spans, records] = await Promise.all([
      this.engine.query(entrySpansSql(bounded, 1)),
      this.engine.query(entryRecordsSql(bounded)),
    ]);
    const beginning = entriesOfSpans(spans);
    const continuing = await this.orphans(bounded, beginning);
    return [...beginning, ...continuing, ...entriesOfRecords(records)]
      .sort(compareEntries)
      .slice(0, query.limit);
  }

  /** Spans that continue what has not arrived, as far down as the page of those that begin something goes. */
  private async orphans(query: EntryQuery, beginning: readonly EntryPoint[]): Promise<EntryPoint[]> {
    const lowest = beginning.length === query.limit ? beginning.at(-1)!.timeUnixNano : query.since;
    const page = { ...query, since: lowest, limit: CONTINUING_ENTRIES };
    const continuing = entriesOfSpans(await this.engine.query(entrySpansSql(page, 2)));
    if (continuing.length === 0) return [];
    const traceIds = [...new Set(continuing.map(({ traceId }) => traceId))];
    const rooted = new Set(tracesOf(await this.engine.query(rootedTracesSql(traceIds))));
    return continuing.filter(({ traceId }) => !rooted.has(traceId));
  }

  async statistics(): Promise<StoreStatistics> {
    this.mustBeOpen();
    const statistics = { spans: 0, records: 0, bytes: 0 };
    for (const block of readBlocks(await this.engine.query(STATISTICS_SQL))) {
      const tables = block.strings('table');
      for (let row = 0; row < block.rows; row++) {
        const table = textOf(block.answer.subarray(tables.starts[row]!, tables.ends[row]!));
        if (table === 'spans' || table === 'records') statistics[table] += block.count('row_count', row);
        statistics.bytes += block.count('byte_count', row);
      }
    }
    return statistics;
  }

  /** Drops whole days. Rows filed under a later day than the one they started on (see `receiptDay`) go with that day. */
  async expire(before: bigint): Promise<void> {
    this.mustBeOpen();
    const day = before <= 0n ? 0 : Number((before >= UINT64_END ? UINT64_END - 1n : before) / NANOS_PER_DAY);
    for (const block of readBlocks(await this.engine.query(expiredPartitionsSql(day)))) {
      const tables = block.strings('table');
      const ids = block.strings('partition_id');
      for (let row = 0; row < block.rows; row++) {
        await this.engine.command(
          dropPartitionSql(
            textOf(block.answer.subarray(tables.starts[row]!, tables.ends[row]!)),
            textOf(block.answer.subarray(ids.starts[row]!, ids.ends[row]!)),
          ),
        );
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.writes.settled();
    await this.engine.close();
  }

  private mustBeOpen(): void {
    if (this.closed) throw new StorageError('closed', `The ${this.description} was closed.`);
  }
}

function tracesOf(answer: Uint8Array): string[] {
  return readBlocks(answer).flatMap((block) => {
    const traceIds = block.fixed('trace_id');
    return Array.from({ length: block.rows }, (_, row) => hexAt(traceIds, row * 16, 16));
  });
}

function entriesOfSpans(answer: Uint8Array): EntryPoint[] {
  return readBlocks(answer).flatMap((block) => {
    const starts = viewOf(block.fixed('start'));
    const traceIds = block.fixed('trace_id');
    const spanIds = block.fixed('span_id');
    return Array.from({ length: block.rows }, (_, row) => ({
      timeUnixNano: starts.getBigUint64(row * 8, true),
      traceId: hexAt(traceIds, row * 16, 16),
      spanId: hexAt(spanIds, row * 8, 8),
      eventId: '',
    }));
  });
}

function entriesOfRecords(answer: Uint8Array): EntryPoint[] {
  return readBlocks(answer).flatMap((block) => {
    const times = viewOf(block.fixed('time'));
    const bodies = block.strings('body');
    return Array.from({ length: block.rows }, (_, row) => {
      const record = decodeRecordBody(textOf(block.answer.subarray(bodies.starts[row]!, bodies.ends[row]!)));
      return {
        timeUnixNano: times.getBigUint64(row * 8, true),
        traceId: record.traceId,
        spanId: record.spanId ?? '',
        eventId: record.eventId,
      };
    });
  });
}
