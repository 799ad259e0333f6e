import type { Rules } from '@upshot/conventions';
import type { Found, Lookup } from '@upshot/model';

/**
 * A question under way: it yields the rows that it wants next and is resumed with what was found, until it returns the answer.
 * So causality stays pure: it never awaits and knows no store. Whoever drives it decides where the rows come from.
 */
export type Asking<Answer> = Generator<Lookup, Answer, Found>;

/** What every answer depends on beside the rows. */
export interface AskOptions {
  /** The clock: states change with time. Unix nanoseconds. */
  readonly nowUnixNano: bigint;
  /** Nodes in one answer: 1 to 100,000. The rest pages by `cursor`. */
  readonly limit?: number;
  readonly cursor?: string | null;
  /** The project's conventions: what breaks them becomes findings, what they expect becomes deliveries. Plain data. */
  readonly conventions?: Rules | null;
}
