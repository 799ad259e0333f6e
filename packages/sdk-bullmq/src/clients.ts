/** What the adapter uses of BullMQ, 5 and 6. The library itself is never imported. */
export interface QueueLike {
  readonly name: string;
  add(name: never, data: never, options?: never): Promise<unknown>;
  addBulk(jobs: never): Promise<unknown>;
}

export interface FlowProducerLike {
  add(flow: never, options?: never): Promise<unknown>;
  addBulk(flows: never): Promise<unknown>;
}

export interface WorkerLike {
  readonly name: string;
  readonly opts: object;
  on(event: 'failed', listener: (job: never, error: never, previous: never) => void): unknown;
}

/** Options of a job, as far as they carry a context or say what becomes of it. */
export interface JobOptionsLike {
  readonly attempts?: number;
  readonly repeat?: unknown;
  /** `metadata` is a JSON text of headers. */
  readonly telemetry?: { readonly metadata?: unknown; readonly omitContext?: boolean } | null;
}

export interface JobLike {
  readonly id?: string;
  readonly name: string;
  readonly data: unknown;
  readonly opts?: JobOptionsLike;
  /** Tries that failed before. */
  readonly attemptsMade: number;
  /** Tries that began, this one included; not there before BullMQ 5. */
  readonly attemptsStarted?: number;
  /** Milliseconds of the Unix epoch; set once the job is completed or failed for good. */
  readonly finishedOn?: number | null;
  readonly repeatJobKey?: string;
}
