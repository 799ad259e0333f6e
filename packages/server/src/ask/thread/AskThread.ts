import { Worker } from 'node:worker_threads';
import { StorageError, type Store } from '@upshot/storage';
import { AskError } from '../AskError.js';
import type { AskLimits } from '../AskLimits.js';
import type { LargeTurns } from '../LargeTurns.js';
import type { Question } from '../Question.js';
import type { FromThread, ThreadData, ToThread } from './messages.js';
import { buffersOf, packFound } from './packFound.js';
import { perform, rowsOf } from './perform.js';

/**
 * Of the young generation, three half-spaces: what one question reads mostly fits, and dies there. With V8's own 48 MB a quarter of a roll-up's time went into
 * collecting garbage, with 96 a ninth; beyond that nothing is gained.
 */
const YOUNG_MB = 96;

/**
 * When this part of a question's time is gone, it is told to answer with what it has: assembling that, and writing the answer, may take as long again on a
 * busy machine.
 */
const LATE = 0.4;

/**
 * Rows from which on an answer is large: the first look-up of a key brings so many at most. Of fewer the graph takes some 200 MB, of 100,000 some 900.
 */
const LARGE_ROWS = 20_000;

/** Questions that hold all their rows until they are answered. Lists, and the background, are done with most of theirs before they ask for more. */
const HOLDING: ReadonlySet<Question['kind']> = new Set([
  'workflow',
  'event',
  'export',
  'spans',
  'logs',
  'forgotten',
]);

/** A large answer that has waited is worked on while this part of its time is left: less would cut it short. */
const LARGE_NEEDS = 0.3;

/** To whoever asks, a thread with a large answer looks as if it had so many questions: it may not listen for a second or two. */
const LARGE_LOAD = 1_000;

type Wanting = Extract<FromThread, { type: 'want' }>;

interface UnderWay {
  readonly resolve: (body: Uint8Array | null) => void;
  readonly reject: (error: AskError) => void;
  /** Milliseconds on the monotonic clock. */
  readonly deadline: number;
  /** From when on it should come to an end: an answer that can say that it is not whole; else never. */
  lateAt: number;
  /** Milliseconds on the monotonic clock until when it may wait for its turn; null for a question that needs none. */
  readonly largeUntil: number | null;
  rows: number;
}

/**
 * One thread that answers, seen from the main thread, which runs the store's side of it: chDB can only be used there.
 * A thread that ends, for whatever reason, fails its questions and is not used again.
 */
export class AskThread {
  private readonly worker: Worker;
  private readonly underWay = new Map<number, UnderWay>();
  private readonly graces = new Map<number, NodeJS.Timeout>();
  /** No longer wanted, and not yet out of the thread's memory. */
  private readonly leaving = new Map<number, UnderWay>();
  private lastId = 0;
  /** True once the thread is no more. */
  ended = false;

  constructor(
    private readonly store: Store,
    private readonly limits: AskLimits,
    private readonly large: LargeTurns,
    private readonly onEnd: (thread: AskThread, error: Error | null) => void,
  ) {
    this.worker = new Worker(threadUrl(), {
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
      // What the process was started with (a test runner's conditions, an inspector) is not meant for this thread.
      execArgv: [],
      workerData: { niceness: limits.niceness } satisfies ThreadData,
    });
    // A thread without questions must not keep the process alive.
    this.worker.unref();
    let cause: Error | null = null;
    this.worker.on('message', (message: FromThread) => this.receive(message));
    this.worker.on('error', (error) => {
      cause = error;
    });
    this.worker.on('exit', () => this.end(cause));
  }

  /** Questions under way, and what they keep it from. */
  get load(): number {
    let load = this.underWay.size;
    for (const one of this.underWay.values()) if (this.large.has(one)) load += LARGE_LOAD;
    return load;
  }

  /** UTF-8 of the answer; null where nothing is known of what was asked. Rejects with `AskError`. */
  ask(question: Question, deadline: number, signal?: AbortSignal): Promise<Uint8Array | null> {
    const id = ++this.lastId;
    return new Promise<Uint8Array | null>((resolve, reject) => {
      const timer = setTimeout(
        () => this.drop(id, timedOut(this.limits.timeoutMs)),
        deadline - performance.now(),
      );
      const abort = () => this.drop(id, new AskError('unavailable', 'The caller left'));
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      signal?.addEventListener('abort', abort);
      this.underWay.set(id, {
        deadline,
        lateAt:
          question.kind === 'workflow'
            ? deadline - this.limits.timeoutMs * (1 - LATE)
            : Number.POSITIVE_INFINITY,
        largeUntil: HOLDING.has(question.kind) ? deadline - this.limits.timeoutMs * LARGE_NEEDS : null,
        rows: 0,
        resolve: (body) => {
          settle();
          resolve(body);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.post({ type: 'ask', id, question });
    });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private receive(message: FromThread): void {
    if (message.type === 'dropped') {
      clearTimeout(this.graces.get(message.id));
      this.graces.delete(message.id);
      this.leave(message.id);
      return;
    }
    const waiting = this.underWay.get(message.id);
    if (!waiting) return;
    if (message.type === 'want') {
      void this.give(message, waiting);
      return;
    }
    this.underWay.delete(message.id);
    this.large.release(waiting);
    if (message.type === 'answer') waiting.resolve(message.body);
    else waiting.reject(new AskError(message.code, message.message));
  }

  private async give({ id, ticket, want }: Wanting, waiting: UnderWay): Promise<void> {
    try {
      const timeoutMs = Math.max(1, Math.round(waiting.deadline - performance.now()));
      const got = await perform(this.store, want, timeoutMs);
      this.count(waiting, rowsOf(got));
      // Who is no longer wanted must not take a turn that nobody would give on.
      if (!this.underWay.has(id)) return;
      await this.turn(waiting);
      if (!this.underWay.has(id)) return;
      if (got === null || typeof got === 'string' || Array.isArray(got)) {
        this.post({ type: 'got', id, ticket, got });
      } else if ('page' in got) {
        const found = got.found === null ? null : packFound(got.found);
        this.post(
          { type: 'arrived', id, ticket, page: got.page, found },
          found === null ? [] : buffersOf(found),
        );
      } else {
        const isLate = performance.now() > waiting.lateAt;
        const found = packFound(isLate ? { ...got, late: true } : got);
        this.post({ type: 'found', id, ticket, found }, buffersOf(found));
      }
    } catch (error) {
      this.drop(id, error instanceof AskError ? error : askErrorOf(error));
    }
  }

  private count(waiting: UnderWay, rows: number): void {
    waiting.rows += rows;
    if (waiting.rows <= this.limits.maxRows) return;
    throw new AskError(
      'too-large',
      `This answer needs more than ${this.limits.maxRows} rows, more than one question may read: ask for less of it`,
    );
  }

  /** Waits until it may go on, where its answer is large. What it has waited is not held against it. */
  private async turn(waiting: UnderWay): Promise<void> {
    const { largeUntil } = waiting;
    if (largeUntil === null || waiting.rows < LARGE_ROWS || this.large.has(waiting)) return;
    const began = performance.now();
    await this.large.take(waiting, largeUntil - began);
    waiting.lateAt = Math.min(
      waiting.lateAt + performance.now() - began,
      Math.max(waiting.lateAt, largeUntil),
    );
  }

  private leave(id: number): void {
    const waiting = this.leaving.get(id);
    this.leaving.delete(id);
    if (waiting !== undefined) this.large.release(waiting);
  }

  /** Fails the question, and sees to it that the thread stops working on it. */
  private drop(id: number, error: AskError): void {
    const waiting = this.underWay.get(id);
    if (!waiting) return;
    this.underWay.delete(id);
    this.leaving.set(id, waiting);
    // Who waits for its turn waits no longer; who has it keeps it until the thread is done with it.
    if (!this.large.has(waiting)) this.large.release(waiting);
    waiting.reject(error);
    if (this.ended) {
      this.leave(id);
      return;
    }
    // A thread deep in one computation can't listen. It is replaced rather than waited for.
    this.graces.set(
      id,
      setTimeout(() => void this.worker.terminate(), this.limits.graceMs),
    );
    this.post({ type: 'drop', id });
  }

  private end(cause: Error | null): void {
    this.ended = true;
    for (const grace of this.graces.values()) clearTimeout(grace);
    this.graces.clear();
    const error = new AskError('unavailable', 'The thread that worked on this answer ended; try again', {
      cause,
    });
    for (const waiting of [...this.underWay.values(), ...this.leaving.values()]) this.large.release(waiting);
    this.leaving.clear();
    for (const waiting of this.underWay.values()) waiting.reject(error);
    this.underWay.clear();
    this.onEnd(this, cause);
  }

  private post(message: ToThread, transfer: ArrayBuffer[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

/** Node 20 runs no TypeScript: from the sources (tests) it is the built thread that is started. */
function threadUrl(): URL {
  const fromSources = import.meta.url.endsWith('.ts');
  return new URL(fromSources ? '../../../dist/ask/thread/threadMain.js' : './threadMain.js', import.meta.url);
}

function timedOut(timeoutMs: number): AskError {
  return new AskError(
    'timeout',
    `This answer took longer than ${Math.round(timeoutMs / 1000)} s; try again, or ask for less`,
  );
}

/** The store's own words stay in the log: they may name hosts, paths, users. */
function askErrorOf(error: unknown): AskError {
  if (error instanceof StorageError && error.code === 'timeout') {
    return new AskError('timeout', 'The store took too long; try again, or ask for less', { cause: error });
  }
  const code = error instanceof StorageError ? error.code : 'internal';
  return new AskError('unavailable', `The store does not answer (${code}); try again`, { cause: error });
}
