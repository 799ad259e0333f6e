import type { SpanBatch } from '@upshot/model';
import type { WriteBatch } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { encodeRecords } from '../native/encodeRecords.js';
import { encodeSpans } from '../native/encodeSpans.js';
import { NativeWriter } from '../native/NativeWriter.js';
import type { InsertTarget } from '../schema/InsertTarget.js';
import { LOGS_INSERT } from '../schema/logsTable.js';
import { RECORDS_INSERT } from '../schema/recordsTable.js';
import { SPANS_INSERT } from '../schema/spansTable.js';
import type { WriteStamps } from './WriteStamps.js';

/** What one insert carries at most, unless a single batch has more: enough that parts are few, few enough that memory stays flat. */
const INSERT_ROWS = 65_536;
const INSERT_BYTES = 48 * 1024 * 1024;

interface Waiting {
  readonly batch: WriteBatch;
  done(): void;
  failed(error: unknown): void;
}

/**
 * One insert at a time; writes that arrive meanwhile go together into the next. Small inserts are what costs: each is a part to
 * fsync and to merge.
 */
export class WriteQueue {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private writer = new NativeWriter();

  constructor(
    private readonly engine: Engine,
    private readonly clock: () => number,
    private readonly stamps: WriteStamps,
  ) {}

  write(batch: WriteBatch): Promise<void> {
    const { spans, records, logs = [] } = batch;
    if (records.length === 0 && [...spans, ...logs].every(({ rows }) => rows === 0)) return Promise.resolve();
    return new Promise((done, failed) => {
      this.waiting.push({ batch, done, failed });
      this.running ??= this.run();
    });
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    // Calls of one turn of the event loop go into one group.
    await null;
    while (this.waiting.length > 0) {
      const group = this.takeGroup();
      try {
        const stamp = await this.stamps.begin();
        await this.storeRows(
          SPANS_INSERT,
          group.flatMap(({ batch }) => batch.spans),
          stamp,
        );
        await this.storeRecords(
          group.flatMap(({ batch }) => batch.records),
          stamp,
        );
        await this.storeRows(
          LOGS_INSERT,
          group.flatMap(({ batch }) => batch.logs ?? []),
          stamp,
        );
        this.stamps.settle();
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    this.running = undefined;
  }

  /** The writes that wait, as many as one insert carries. */
  private takeGroup(): Waiting[] {
    const count = fitting(this.waiting, ({ batch: { spans, records, logs = [] } }) => ({
      rows: records.length + [...spans, ...logs].reduce((sum, { rows }) => sum + rows, 0),
      bytes: [...spans, ...logs].reduce((sum, { tails }) => sum + tails.bytes.length, 0),
    }));
    const group = this.waiting.slice(0, count);
    this.waiting = this.waiting.slice(count);
    return group;
  }

  private async storeRows(target: InsertTarget, batches: readonly SpanBatch[], stamp: bigint): Promise<void> {
    for (let rest = batches.filter(({ rows }) => rows > 0); rest.length > 0; ) {
      const count = fitting(rest, ({ rows, tails }) => ({ rows, bytes: tails.bytes.length }));
      const group = rest.slice(0, count);
      rest = rest.slice(count);
      await this.insert(target, (writer) => encodeSpans(writer, group, this.clock(), stamp));
    }
  }

  private async storeRecords(records: WriteBatch['records'], stamp: bigint): Promise<void> {
    for (let at = 0; at < records.length; at += INSERT_ROWS) {
      const group = records.slice(at, at + INSERT_ROWS);
      await this.insert(RECORDS_INSERT, (writer) => encodeRecords(writer, group, this.clock(), stamp));
    }
  }

  private async insert(target: InsertTarget, encode: (writer: NativeWriter) => void): Promise<void> {
    const { writer } = this;
    writer.reset();
    encode(writer);
    try {
      await this.engine.insert(target, writer.written());
    } catch (error) {
      // An insert that was given up may still be reading: its memory is never written again.
      this.writer = new NativeWriter();
      throw error;
    }
  }
}

/** How many of the items one insert carries: at least one. */
function fitting<T>(items: readonly T[], sizeOf: (item: T) => { rows: number; bytes: number }): number {
  let rows = 0;
  let bytes = 0;
  let count = 0;
  for (const item of items) {
    const size = sizeOf(item);
    rows += size.rows;
    bytes += size.bytes;
    if (count > 0 && (rows > INSERT_ROWS || bytes > INSERT_BYTES)) break;
    count++;
  }
  return count;
}
