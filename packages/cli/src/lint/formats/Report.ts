import type { LintResult, Problem } from '../Problem.js';

/** What every format writes: what is to be mended, with what was let pass. */
export interface Report extends LintResult {
  /** Problems that the baseline knows. */
  readonly known: readonly Problem[];
}
