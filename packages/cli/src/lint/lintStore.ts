import { type Asking, askWorkflowsAt } from '@upshot/causality';
import type { Rules } from '@upshot/conventions';
import type { WorkflowGraph } from '@upshot/model';
import type { Store } from '@upshot/storage';
import type { ProblemList } from './ProblemList.js';

/** Entry points whose workflows are assembled at a time: enough to share look-ups, and no more in memory than that. */
const CHUNK = 500;
const ALL = 1_000_000;
/** Whole graphs: findings are of the whole workflow, and so are the nodes that they name. */
const WHOLE = 100_000;

export interface AsOf {
  readonly nowUnixNano: bigint;
  readonly conventions: Rules | null;
}

/** Looks at all workflows of a store. `uriOf` says where one of them can be looked at. */
export async function lintStore(
  store: Store,
  asOf: AsOf,
  problems: ProblemList,
  uriOf: (graph: WorkflowGraph) => string,
): Promise<void> {
  const entries = await store.entries({ limit: ALL });
  for (let at = 0; at < entries.length; at += CHUNK) {
    const asking = askWorkflowsAt(entries.slice(at, at + CHUNK), { ...asOf, limit: WHOLE });
    for (const graph of await driven(store, asking)) problems.add(graph, uriOf(graph));
  }
}

async function driven<Answer>(store: Store, asking: Asking<Answer>): Promise<Answer> {
  let step = asking.next();
  while (!step.done) step = asking.next(await store.find(step.value));
  return step.value;
}
