import { SpanBatchBuilder, type StoredRecord } from '@upshot/model';
import type { Ingest, IngestGroup } from '@upshot/receiver';
import type { Store } from '@upshot/storage';

interface OpenGroup extends IngestGroup {
  readonly settle: (write: Promise<void>) => void;
}

/** Writes what is received into a store in memory at once, and tells whoever watches. */
export class WatchedIngest implements Ingest {
  /** When something was written last, in the clock of `performance.now()`. */
  writtenAt = performance.now();
  /** Writes so far. */
  writes = 0;
  private open = newGroup();
  private isScheduled = false;
  private isClosed = false;
  private readonly watchers = new Set<() => void>();

  constructor(private readonly store: Store) {}

  get pressure(): 'none' | 'closed' {
    return this.isClosed ? 'closed' : 'none';
  }

  group(): IngestGroup {
    return this.open;
  }

  added(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    // What the same turn brings is written together.
    setImmediate(() => {
      this.isScheduled = false;
      const group = this.open;
      this.open = newGroup();
      group.settle(this.write(group));
    });
  }

  /** Resolves as soon as there were more writes than `seen`, or after `ms` milliseconds. */
  change(seen: number, ms: number): Promise<void> {
    if (this.writes !== seen) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.watchers.add(done);
    });
  }

  close(): void {
    this.isClosed = true;
  }

  private async write({ spans, records, logs }: OpenGroup): Promise<void> {
    await this.store.write({
      spans: spans.rows === 0 ? [] : [spans.finish()],
      records,
      logs: logs.rows === 0 ? [] : [logs.finish()],
    });
    this.writtenAt = performance.now();
    this.writes++;
    for (const watcher of [...this.watchers]) watcher();
  }
}

function newGroup(): OpenGroup {
  const records: StoredRecord[] = [];
  let settle!: (write: Promise<void>) => void;
  const durable = new Promise<void>((resolve) => {
    settle = resolve;
  });
  // A sender that has left hears of no failure.
  durable.catch(() => {});
  return { spans: new SpanBatchBuilder(), records, logs: new SpanBatchBuilder(), durable, settle };
}
