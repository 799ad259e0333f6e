import type { ReindexStep } from '@upshot/api-contract';
import { rereadLogs, rereadSpans } from '@upshot/receiver';
import type { Store } from '@upshot/storage';

/** Rows of one step: a second or two of work, in which telemetry is taken in all the same. */
const ROWS = 20_000;

/** Steps in which the keys of stored rows are made anew, one at a time. */
export function reindexer(store: Store): () => Promise<ReindexStep> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const step = last.then(async () => {
      const reindexed = await store.reindex({ spans: (rows) => rereadSpans(rows), logs: rereadLogs }, ROWS);
      return { reindexed, left: await store.outdated() };
    });
    last = step.catch(() => {});
    return step;
  };
}
