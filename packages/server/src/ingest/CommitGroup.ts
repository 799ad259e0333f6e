import { SpanBatchBuilder, type StoredRecord } from '@upshot/model';
import type { IngestGroup } from '@upshot/receiver';

/** Rows of many requests on their way into the store together. */
export class CommitGroup implements IngestGroup {
  readonly records: StoredRecord[] = [];
  readonly durable: Promise<void>;
  /** When the first and the last rows were added, in the clock of whoever commits; -1 while it is empty. */
  since = -1;
  lastAdded = -1;
  /** Settle `durable`. */
  readonly succeed: () => void;
  readonly fail: (error: unknown) => void;

  constructor(readonly spans: SpanBatchBuilder) {
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

  get rows(): number {
    return this.spans.rows + this.records.length;
  }
}

/** Builders larger than this are given back to the memory manager: one huge request must not be paid for ever. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_BUILDERS = 3;

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
