import type { Ingest, IngestGroup } from '@upshot/receiver';
import { StorageError, type Store } from '@upshot/storage';
import { BuilderPool, CommitGroup } from './CommitGroup.js';
import { type PaceOptions, WritePace } from './WritePace.js';

export interface GroupCommitOptions {
  readonly store: Store;
  /** When writes begin: see `PaceOptions`. */
  readonly pace?: Partial<PaceOptions>;
  /** A group of so many rows is closed, and further rows go into the next. */
  readonly fullRows?: number;
  /** For how long a write that fails for now is tried again before its senders are told. */
  readonly retryForMs?: number;
  /** After so long without success, new requests are turned away instead of waiting. */
  readonly failingAfterMs?: number;
  /** Told of each write that settled. Must not throw. */
  readonly onWrite?: (write: {
    readonly spans: number;
    readonly records: number;
    readonly logs: number;
    readonly seconds: number;
    readonly error: unknown;
  }) => void;
}

const PACE: PaceOptions = {
  enoughRows: 16_000,
  companyMs: 4,
  gatherMs: 50,
  intervalMs: 100,
  smallRows: 4096,
  burst: 20,
};
const DEFAULTS = {
  fullRows: 32_768,
  // Less than the 10 s after which most exporters give up: they should hear "again later", not nothing.
  retryForMs: 8000,
  failingAfterMs: 2000,
};
/** One write carries at most so many rows of groups that were waiting, and always at least one group. */
const MOST_ROWS = 131_072;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1000;

/**
 * Group commit: one write in flight, and the rows that arrive meanwhile make up the next. So the write that makes a row durable
 * is shared by all requests that came during the one before, and the store never sees more than a few writes a second.
 */
export class GroupCommit implements Ingest {
  private readonly store: Store;
  private readonly fullRows: number;
  private readonly retryForMs: number;
  private readonly failingAfterMs: number;
  private readonly onWrite: GroupCommitOptions['onWrite'];
  private readonly pace: WritePace;
  private readonly builders = new BuilderPool();
  private open: CommitGroup;
  /** Groups that are full and wait for the store. */
  private full: CommitGroup[] = [];
  private timer: NodeJS.Timeout | null = null;
  /** When the write under way began; -1 when there is none. */
  private writingSince = -1;
  private closed = false;
  private idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions) {
    const { store, fullRows, retryForMs, failingAfterMs, onWrite, pace } = { ...DEFAULTS, ...options };
    this.store = store;
    this.fullRows = fullRows;
    this.retryForMs = retryForMs;
    this.failingAfterMs = failingAfterMs;
    this.onWrite = onWrite;
    this.pace = new WritePace({ ...PACE, ...pace }, performance.now());
    this.open = new CommitGroup(this.builders);
  }

  group(): IngestGroup {
    return this.open;
  }

  added(_bytes: number): void {
    const { open } = this;
    open.lastAdded = performance.now();
    if (open.since < 0) open.since = open.lastAdded;
    if (open.rows >= this.fullRows) {
      this.full.push(open);
      this.open = new CommitGroup(this.builders);
    }
    this.schedule();
  }

  get pressure(): 'none' | 'failing' | 'closed' {
    if (this.closed) return 'closed';
    const { writingSince } = this;
    return writingSince >= 0 && performance.now() - writingSince > this.failingAfterMs ? 'failing' : 'none';
  }

  /** Writes all that was added and takes new requests no more. Resolves when nothing is under way; it never rejects. */
  drain(): Promise<void> {
    this.closed = true;
    this.schedule();
    return new Promise((resolve) => {
      this.idle.push(resolve);
      this.tellIdle();
    });
  }

  private schedule(): void {
    if (this.writingSince >= 0) return;
    const wait = this.waitMs();
    if (wait === null) return;
    if (this.timer !== null) {
      if (wait > 0) return;
      clearTimeout(this.timer);
      this.timer = null;
    }
    if (wait <= 0) void this.write();
    else {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.schedule();
      }, wait);
    }
  }

  /** How long until the next write should begin; null where there is nothing to write. */
  private waitMs(): number | null {
    if (this.full.length > 0) return 0;
    const { open } = this;
    if (open.since < 0) return null;
    return this.closed ? 0 : this.pace.due(open) - performance.now();
  }

  private async write(): Promise<void> {
    const groups = this.takeGroups();
    const began = performance.now();
    this.writingSince = began;
    this.pace.began(
      began,
      groups.reduce((rows, group) => rows + group.rows, 0),
    );
    let error: unknown = null;
    try {
      await this.writeWithRetries(groups, began + this.retryForMs);
    } catch (thrown) {
      error = thrown;
    }
    this.writingSince = -1;
    this.pace.ended(performance.now());
    let spans = 0;
    let records = 0;
    let logs = 0;
    for (const group of groups) {
      spans += group.spans.rows;
      records += group.records.length;
      logs += group.logCount;
      if (error === null) group.succeed();
      else group.fail(error);
      group.release();
    }
    this.onWrite?.({ spans, records, logs, seconds: (performance.now() - began) / 1000, error });
    this.schedule();
    this.tellIdle();
  }

  /** The groups of the next write: full ones first, and the open one where there is room. */
  private takeGroups(): CommitGroup[] {
    let rows = 0;
    let count = 0;
    for (const group of this.full) {
      if (count > 0 && rows + group.rows > MOST_ROWS) break;
      rows += group.rows;
      count++;
    }
    const groups = this.full.splice(0, count);
    if (this.full.length === 0 && this.open.since >= 0 && rows + this.open.rows <= MOST_ROWS) {
      groups.push(this.open);
      this.open = new CommitGroup(this.builders);
    }
    return groups;
  }

  /** The same batch again and again, while the store says that it may work later. */
  private async writeWithRetries(groups: readonly CommitGroup[], deadline: number): Promise<void> {
    const batch = {
      spans: groups.filter((group) => group.spans.rows > 0).map((group) => group.spans.finish()),
      records: groups.flatMap((group) => group.records),
      logs: groups.filter((group) => group.logCount > 0).map((group) => group.logs.finish()),
    };
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      try {
        await this.store.write(batch);
        return;
      } catch (error) {
        const retryable = error instanceof StorageError && error.retryable;
        if (!retryable || performance.now() + delay > deadline) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, delay));
    }
  }

  private tellIdle(): void {
    if (this.writingSince >= 0 || this.full.length > 0 || this.open.since >= 0) return;
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
