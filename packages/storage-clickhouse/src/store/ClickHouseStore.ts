import type {
  Arrivals,
  EntryPoint,
  Found,
  Lookup,
  RollUp,
  RollUpCount,
  RollUpCountQuery,
  RollUpQuery,
  TallyCell,
  TallyQuery,
  TallySum,
} from '@upshot/model';
import {
  type EntryQuery,
  keysOfSpanLookup,
  type NamedText,
  NO_ROWS,
  type NoteRemoval,
  newestSpans,
  type Removal,
  type Reread,
  StorageError,
  type Store,
  type StoreStatistics,
  type WriteBatch,
} from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { decodeSpanRows } from '../native/decodeSpanRows.js';
import { readBlocks } from '../native/NativeBlock.js';
import { dayOfNumber, NANOS_PER_DAY } from '../native/receiptDay.js';
import { SPAN_COLUMNS } from '../schema/spansTable.js';
import { newestStampSql, rowsArrivedSql } from '../sql/arrivalsSql.js';
import { dropPartitionSql, expiredPartitionsSql } from '../sql/expireSql.js';
import { findSpansSql } from '../sql/findSql.js';
import { purgeSql, removeNotesSql, removeSql, tableOf } from '../sql/removeSql.js';
import { STATISTICS_SQL } from '../sql/statisticsSql.js';
import { ArrivalReader } from './ArrivalReader.js';
import { EntryReader } from './EntryReader.js';
import { LogReader } from './LogReader.js';
import { MayHold } from './MayHold.js';
import { Notes } from './Notes.js';
import { RecordReader } from './RecordReader.js';
import { Reindexing } from './Reindexing.js';
import { SharedStamps } from './SharedStamps.js';
import { Stamps } from './Stamps.js';
import { WriteQueue } from './WriteQueue.js';
import type { WriteStamps } from './WriteStamps.js';

const UINT64_END = 1n << 64n;

/** The storage contract over ClickHouse's SQL. What carries the SQL is the engine's matter. */
export class ClickHouseStore implements Store {
  readonly description: string;
  private readonly writes: WriteQueue;
  private readonly logs: LogReader;
  private readonly records: RecordReader;
  private readonly entryReader: EntryReader;
  private readonly arrivalReader: ArrivalReader;
  private readonly notes: Notes;
  private readonly reindexing: Reindexing;
  private closed = false;

  private constructor(
    private readonly engine: Engine,
    private readonly mayHold: { readonly records: MayHold; readonly logs: MayHold },
    clock: () => number,
    private readonly stamps: WriteStamps,
  ) {
    this.description = engine.description;
    this.writes = new WriteQueue(engine, clock, this.stamps);
    this.logs = new LogReader(engine, mayHold.logs);
    this.records = new RecordReader(engine, mayHold.records);
    this.entryReader = new EntryReader(engine, mayHold.records);
    this.arrivalReader = new ArrivalReader(engine, mayHold);
    this.notes = new Notes(engine, clock, this.stamps);
    this.reindexing = new Reindexing(engine, this.writes, this.stamps);
  }

  /** `clock`: Unix milliseconds, by which rows are stamped, and those with wild start times filed. The tables are there. */
  static async open(engine: Engine, clock: () => number): Promise<ClickHouseStore> {
    const now = BigInt(Math.max(0, Math.floor(clock()))) * 1_000_000n;
    const block = readBlocks(await engine.query(newestStampSql(now)))[0];
    const own = new Stamps(clock, block === undefined ? 0n : block.uint64('newest', 0));
    const { writerId } = engine;
    return new ClickHouseStore(
      engine,
      { records: await MayHold.open(engine, 'records'), logs: await MayHold.open(engine, 'logs') },
      clock,
      writerId === null ? own : await SharedStamps.open(engine, writerId, own),
    );
  }

  async write(batch: WriteBatch): Promise<void> {
    this.mustBeOpen();
    this.mayHold.records.writing(batch.records.length);
    for (const { rows } of batch.logs ?? []) this.mayHold.logs.writing(rows);
    await this.writes.write(batch);
  }

  async find(lookup: Lookup, options?: { timeoutMs?: number }): Promise<Found> {
    this.mustBeOpen();
    if (lookup.among === 'logs')
      return { spans: NO_ROWS, records: [], ...(await this.logs.find(lookup, options)) };
    const keys = keysOfSpanLookup(lookup);
    const [logs, records, answers] = await Promise.all([
      this.logs.find(lookup, options),
      this.records.find(lookup, keys, options),
      Promise.all(findSpansSql(lookup, keys).map((sql) => this.engine.queryReachable(sql, options))),
    ]);
    const { spans, more } = newestSpans(
      answers.map(({ rows }) => decodeSpanRows(readBlocks(rows))),
      lookup.limit,
    );
    const away = [...answers, records, logs].flatMap(({ unavailable }) => unavailable);
    return {
      spans,
      records: records.records,
      logs: logs.logs,
      more: more || records.more,
      unavailable: [...new Set(away)],
    };
  }

  async entries(query: EntryQuery): Promise<EntryPoint[]> {
    this.mustBeOpen();
    return this.entryReader.read(query);
  }

  async statistics(): Promise<StoreStatistics> {
    this.mustBeOpen();
    const statistics = { spans: 0, records: 0, logs: 0, bytes: 0 };
    let oldestDay: number | null = null;
    for (const block of readBlocks(await this.engine.query(STATISTICS_SQL))) {
      for (let row = 0; row < block.rows; row++) {
        const table = block.text('table', row);
        if (table === 'spans' || table === 'records' || table === 'logs')
          statistics[table] += block.count('row_count', row);
        statistics.bytes += block.count('byte_count', row);
        const oldest = block.count('oldest', row);
        if (oldest > 0) oldestDay = Math.min(oldestDay ?? Number.POSITIVE_INFINITY, dayOfNumber(oldest));
      }
    }
    return { ...statistics, oldestDay };
  }

  async arrivals(after: bigint | null, limit: number): Promise<Arrivals> {
    this.mustBeOpen();
    const { stamp, waitsForOthers } = await this.stamps.settled();
    const page = await this.arrivalReader.read(after, limit, stamp);
    return waitsForOthers ? { ...page, toldUntil: stamp } : page;
  }

  async arrived(after: bigint | null, until: bigint, oneIn = 1): Promise<Found> {
    this.mustBeOpen();
    const range = { after, until };
    const [logs, records, spans] = await Promise.all([
      this.logs.arrived(range, oneIn),
      this.records.arrived(range),
      this.engine.query(rowsArrivedSql('spans', SPAN_COLUMNS, range, oneIn)),
    ]);
    return {
      spans: decodeSpanRows(readBlocks(spans)),
      records,
      logs,
      more: false,
      unavailable: [],
    };
  }

  async writeRollUps(rollUps: readonly RollUp[]): Promise<void> {
    this.mustBeOpen();
    await this.notes.writeRollUps(rollUps);
  }

  async rollUps(query: RollUpQuery): Promise<RollUp[]> {
    this.mustBeOpen();
    return this.notes.rollUps(query);
  }

  async countRollUps(query: RollUpCountQuery): Promise<RollUpCount[]> {
    this.mustBeOpen();
    return this.notes.countRollUps(query);
  }

  async writeTallies(cells: readonly TallyCell[]): Promise<void> {
    this.mustBeOpen();
    await this.notes.writeTallies(cells);
  }

  async tallies(query: TallyQuery): Promise<TallySum[]> {
    this.mustBeOpen();
    return this.notes.tallies(query);
  }

  async document(name: string): Promise<string | null> {
    this.mustBeOpen();
    return this.notes.document(name);
  }

  async documents(prefix: string): Promise<NamedText[]> {
    this.mustBeOpen();
    return this.notes.documents(prefix);
  }

  async putDocument(name: string, text: string): Promise<void> {
    this.mustBeOpen();
    await this.notes.putDocument(name, text);
  }

  async clearRollUps(): Promise<void> {
    this.mustBeOpen();
    await this.notes.clear();
  }

  async remove({ instead, ...gone }: Removal): Promise<void> {
    this.mustBeOpen();
    // Writes that began before end first: they are what is to be found and deleted.
    await this.writes.settled();
    // Of those that others wrote too, by clocks that may be ahead of this one.
    const until = await this.stamps.beyondAll();
    await this.write({ spans: [instead], records: [] });
    await this.delete(removeSql(gone, until));
  }

  async outdated(): Promise<number> {
    this.mustBeOpen();
    return this.reindexing.outdated();
  }

  async reindex(reread: Reread, limit: number): Promise<number> {
    this.mustBeOpen();
    return this.reindexing.step(reread, limit);
  }

  async removeNotes(removal: NoteRemoval): Promise<void> {
    this.mustBeOpen();
    await this.delete(removeNotesSql(removal));
    this.notes.dropSums();
  }

  /** What is deleted is marked so at once, and leaves the disk when its parts have been written anew, which nobody waits for. */
  private async delete(statements: readonly string[]): Promise<void> {
    for (const statement of statements) await this.engine.command(statement);
    for (const table of new Set(statements.map(tableOf))) await this.engine.command(purgeSql(table));
  }

  /** Drops whole days. Rows filed under a later day than the one they started on (see `receiptDay`) go with that day. */
  async expire(before: bigint): Promise<void> {
    this.mustBeOpen();
    const day = before <= 0n ? 0 : Number((before >= UINT64_END ? UINT64_END - 1n : before) / NANOS_PER_DAY);
    for (const block of readBlocks(await this.engine.query(expiredPartitionsSql(day)))) {
      for (let row = 0; row < block.rows; row++) {
        await this.engine.command(
          dropPartitionSql(block.text('table', row), block.text('partition_id', row)),
        );
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.writes.settled(), this.notes.settled()]);
    await this.stamps.close();
    await this.engine.close();
  }

  private mustBeOpen(): void {
    if (this.closed) throw new StorageError('closed', `The ${this.description} was closed.`);
  }
}
