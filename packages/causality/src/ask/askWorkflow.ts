import type { WorkflowGraph } from '@upshot/model';
import { answerWorkflow } from '../answers/answerWorkflow.js';
import { withLogs } from '../answers/logs/withLogs.js';
import { unreachableWorkflow } from '../answers/unreachableWorkflow.js';
import { type Workflow, workflowOf } from '../answers/Workflow.js';
import { type Collected, Collection } from '../collect/Collection.js';
import type { Wanted } from '../collect/Wanted.js';
import type { Asking, AskOptions } from './Asking.js';
import { aliasesOf, logsOf } from './findLogs.js';
import { type Selection, selectByKey } from './findNodes.js';

/** The workflow that a correlation ID, trace ID, event ID or span ID belongs to; null where nothing is known of it, all having been looked through. */
export function* askWorkflow(key: string, options: AskOptions): Asking<WorkflowGraph | null> {
  const collection = new Collection();
  const found = yield* collectByKey(collection, key);
  const { incomplete } = collection;
  if (found === null) {
    return incomplete === null ? null : unreachableWorkflow(key, incomplete, options.nowUnixNano);
  }
  const { workflow, collected } = found;
  return withLogs(answerWorkflow(workflow, { ...options, incomplete }), yield* logsOf(workflow, collected));
}

interface CollectedByKey {
  readonly workflow: Workflow;
  readonly collected: Collected;
}

/** Of what was too large to be read whole, for questions whose answers can't be a part. */
export class NotWhole extends Error {
  override readonly name = 'NotWhole';
}

/** As `collectByKey`, for an answer that has no way to say that it is but a part. Throws `NotWhole`. */
export function* collectWhole(key: string): Asking<CollectedByKey | null> {
  const collection = new Collection();
  const found = yield* collectByKey(collection, key);
  if (collection.incomplete !== null) throw new NotWhole(collection.incomplete.message);
  return found;
}

/** Collects what a key names, and all rows from which it was assembled. A key that only log records name leads to what else these name. */
export function* collectByKey(collection: Collection, key: string): Asking<CollectedByKey | null> {
  const found = yield* collectNamed(collection, key);
  if (found !== null) return found;
  for (const alias of yield* aliasesOf(key)) {
    const meant = yield* collectNamed(collection, alias);
    if (meant !== null) return meant;
  }
  return null;
}

function* collectNamed(collection: Collection, key: string): Asking<CollectedByKey | null> {
  collection.begin((wanted) => wantKey(wanted, key));
  let last: { readonly at: Collected; readonly selection: Selection | null } | null = null;
  const select = (at: Collected): Selection | null => {
    // Selecting follows all causes: what was selected last is asked for once more in the end.
    if (last?.at !== at) last = { at, selection: selectByKey(at, key) };
    return last.selection;
  };
  const collected = yield* collection.run((at) => select(at)?.members ?? null);
  const selection = select(collected);
  return selection === null ? null : { workflow: taken(collected, selection, key), collected };
}

export function taken({ graph, partition }: Collected, selection: Selection, key: string): Workflow {
  const roots = selection.kind === 'workflow' ? selection.roots : [];
  return workflowOf(
    selection.members,
    roots,
    partition,
    graph.draft,
    selection.kind === 'shared' ? key : null,
  );
}

/** One query tries all kinds of key. */
function wantKey(wanted: Wanted, key: string): void {
  wanted.want('correlationIds', key);
  wanted.want('eventIds', key);
  const hex = /^(?:[0-9a-f]{32}|[0-9a-f]{16})$/i.test(key) ? key.toLowerCase() : key;
  for (const id of new Set([key, hex])) {
    wanted.want('traceIds', id);
    wanted.want('spanIds', id);
  }
}
