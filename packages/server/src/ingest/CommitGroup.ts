import { SpanBatchBuilder, type StoredRecord } from '@upshot/model';
import type { IngestGroup } from '@upshot/receiver';

/** Rows of many requests on their way into the store together. */
export class CommitGroup implements IngestGroup {
  readonly spans: SpanBatchBuilder;
  readonly records: StoredRecord[] = [];
  readonly durable: Promise<void>;
  /** When the first and the last rows were added, in the clock of whoever commits; -1 while it is empty. */
  since = -1;
  lastAdded = -1;
  /** Settle `durable`. */
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;

  private logRows: SpanBatchBuilder | null = null;

  /** `builders`: where the columns come from, and those of logs when the first arrive. */
  constructor(private readonly builders: BuilderPool) {
    this.spans = builders.take();
    let succeed!: () => void;
    let fail!: (error: unknown) => void;
    this.durable = new Promise((resolve, reject) => {
      succeed = resolve;
      fail = reject;
    });
    // A group that nobody waits for any more may still fail.
    this.durable.catch(() => {});
    this.succeed = succeed;
    this.fail = fail;
  }

  get logs(): SpanBatchBuilder {
    this.logRows ??= this.builders.take();
    return this.logRows;
  }

  get logCount(): number {
    return this.logRows?.rows ?? 0;
  }

  get rows(): number {
    return this.spans.rows + this.records.length + this.logCount;
  }

  /** Gives the columns back. The store must have settled the write that held them. */
  release(): void {
    this.builders.give(this.spans);
    if (this.logRows !== null) this.builders.give(this.logRows);
  }
}

/** Builders larger than this are given back to the memory manager: one huge request must not be paid for ever. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_BUILDERS = 6;

/** Builders of groups that are durable, to be filled again: fresh memory by the megabyte costs more than filling it. */
export class BuilderPool {
  private readonly free: SpanBatchBuilder[] = [];

  take(): SpanBatchBuilder {
    return this.free.pop() ?? new SpanBatchBuilder();
  }

  /** The store must have settled the write that held this builder's batch. */
  give(builder: SpanBatchBuilder): void {
    if (this.free.length >= MOST_BUILDERS || builder.capacityBytes > MOST_BYTES) return;
    builder.reset();
    this.free.push(builder);
  }
}
