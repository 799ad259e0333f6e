import type { WriteBatch } from '@upshot/storage';
import type { Engine } from '../engine/Engine.js';
import { encodeRecords } from '../native/encodeRecords.js';
import { encodeSpans } from '../native/encodeSpans.js';
import { NativeWriter } from '../native/NativeWriter.js';
import { RECORDS_INSERT } from '../schema/recordsTable.js';
import { SPANS_INSERT } from '../schema/spansTable.js';

/** Rows that one insert carries at most, unless a single write has more: enough that parts are few, few enough that memory stays flat. */
const MAX_GROUP_ROWS = 65_536;
/** The same in bytes of tails. */
const MAX_GROUP_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly batch: WriteBatch;
  done(): void;
  failed(error: unknown): void;
}

/**
 * One insert at a time; writes that arrive meanwhile go together into the next. Small inserts are what costs: each is a part to fsync and
 * to merge.
 */
export class WriteQueue {
  private readonly waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private readonly writer = new NativeWriter();

  constructor(
    private readonly engine: Engine,
    private readonly clock: () => number,
  ) {}

  write(batch: WriteBatch): Promise<void> {
    if (batch.records.length === 0 && batch.spans.every(({ rows }) => rows === 0)) return Promise.resolve();
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
        await this.store(group.map(({ batch }) => batch));
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    this.running = undefined;
  }

  private takeGroup(): Waiting[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const { batch } of this.waiting) {
      rows += batch.records.length;
      for (const spans of batch.spans) {
        rows += spans.rows;
        bytes += spans.tails.bytes.length;
      }
      if (count > 0 && (rows > MAX_GROUP_ROWS || bytes > MAX_GROUP_BYTES)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async store(batches: readonly WriteBatch[]): Promise<void> {
    const spans = batches.flatMap((batch) => batch.spans).filter(({ rows }) => rows > 0);
    if (spans.length > 0) {
      this.writer.reset();
      encodeSpans(this.writer, spans, this.clock());
      await this.engine.insert(SPANS_INSERT, this.writer.written());
    }
    const records = batches.flatMap((batch) => batch.records);
    if (records.length > 0) {
      this.writer.reset();
      encodeRecords(this.writer, records, this.clock());
      await this.engine.insert(RECORDS_INSERT, this.writer.written());
    }
  }
}
