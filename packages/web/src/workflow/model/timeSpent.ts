import { nanos } from '../../words/format.js';
import { workOf } from './attemptTimes.js';
import type { WorkflowIndex } from './WorkflowIndex.js';

export interface TimeSpent {
  readonly wait: bigint;
  readonly work: bigint;
  readonly backOff: bigint;
}

/** Where the time of the critical path went, as the answer states it for each of its attempts and root steps. Null: no path is known. */
export function timeSpent(index: WorkflowIndex): TimeSpent | null {
  let [wait, work, backOff] = [0n, 0n, 0n];
  let isKnown = false;
  const seen = new Set<string>();
  for (const id of index.graph.criticalPath) {
    const node = index.node(id);
    const attempts =
      node?.type === 'delivery' ? index.attempts(node) : node?.type === 'attempt' ? [node] : [];
    for (const attempt of attempts) {
      if (seen.has(attempt.id)) continue;
      seen.add(attempt.id);
      isKnown = true;
      work += workOf(attempt) ?? 0n;
      const waited = attempt.waitNano === null ? 0n : nanos(attempt.waitNano);
      if (attempt.number === 1) wait += waited;
      else backOff += waited;
    }
  }
  return isKnown ? { wait, work, backOff } : null;
}
