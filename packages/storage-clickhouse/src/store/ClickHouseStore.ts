import type { EntryPoint, Found, Lookup } from '@upshot/model';
import {
  type EntryQuery,
  newestRecords,
  newestSpans,
  StorageError,
  type Store,
  type StoreStatistics,
  type WriteBatch,
} from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeRecordRows } from '../native/decodeRecordRows.js';
import { decodeSpanRows } from '../native/decodeSpanRows.js';
import { readBlocks } from '../native/NativeBlock.js';
import { textOf } from '../native/NativeReader.js';
import { NANOS_PER_DAY } from '../native/receiptDay.js';
import { dropPartitionSql, expiredPartitionsSql } from '../sql/expireSql.js';
import { findRecordsSql, findSpansSql } from '../sql/findSql.js';
import { STATISTICS_SQL } from '../sql/statisticsSql.js';
import { EntryReader } from './EntryReader.js';
import { WriteQueue } from './WriteQueue.js';

const UINT64_END = 1n << 64n;

/** The storage contract over ClickHouse's SQL. What carries the SQL is the engine's matter. */
export class ClickHouseStore implements Store {
  readonly description: string;
  private readonly writes: WriteQueue;
  private readonly entryReader: EntryReader;
  private closed = false;

  /** `clock`: Unix milliseconds, by which rows with wild start times are filed. */
  constructor(
    private readonly engine: Engine,
    clock: () => number,
  ) {
    this.description = engine.description;
    this.writes = new WriteQueue(engine, clock);
    this.entryReader = new EntryReader(engine);
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
    return this.entryReader.read(query);
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
