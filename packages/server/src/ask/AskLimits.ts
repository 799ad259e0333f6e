/** What one question may cost, and how many may be asked at a time. */
export interface AskLimits {
  /** Milliseconds from being asked to being answered. */
  readonly timeoutMs: number;
  /** Spans and records that one question may read, all its rounds together. */
  readonly maxRows: number;
  /** Questions worked on at a time; more wait. */
  readonly concurrent: number;
  /** Questions that may wait; more are turned away. */
  readonly waiting: number;
  /** Large answers that may wait for the one that is being worked on; more are turned away. */
  readonly largeWaiting: number;
  /** Threads that answer. The second is started when the first has work. */
  readonly threads: number;
  /** Megabytes of heap of one such thread. A question that needs more ends its thread, not the server. */
  readonly heapMb: number;
  /** Milliseconds that a thread may take to notice that a question is no longer wanted, before it is replaced. */
  readonly graceMs: number;
  /** How far the threads stand back where the processor is short: 0, as others, to 19 (Unix' niceness; Linux only). */
  readonly niceness: number;
}

export const DEFAULT_ASK_LIMITS: AskLimits = {
  timeoutMs: 20_000,
  // A workflow of 100,000 spans must be answered: with its rounds, and rows stored twice, some 500,000 rows.
  maxRows: 1_500_000,
  concurrent: 16,
  waiting: 256,
  // Each takes some 4 s, and an answer 20 s at most.
  largeWaiting: 3,
  threads: 2,
  heapMb: 2048,
  graceMs: 5_000,
  niceness: 0,
};
