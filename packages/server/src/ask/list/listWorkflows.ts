import type { WorkflowList } from '@upshot/api-contract';
import { rowOf } from '@upshot/causality';
import type { RollUp, WorkflowRow } from '@upshot/model';
import type { ListQuestion, Question, WorkflowFilter } from '../Question.js';
import { type Questioning, rollUps } from '../Questioning.js';
import { findByExactId } from './findByExactId.js';
import { ListCursor } from './ListCursor.js';
import { isSought, noteFilterOf } from './noteFilter.js';
import { presentRows, verifiedRows } from './presentRows.js';

/** Notes read at a time beyond the page, for those that turn out to have been listed, or to be in another state by now. */
const SPARE = 16;

export type ListAnswer = Omit<WorkflowList, 'workflows'> & { readonly workflows: readonly WorkflowRow[] };

/**
 * The list of workflows from what the background noted, newest first. Filters take a superset of the notes, and what is shown holds for the moment of asking: where the clock, or
 * other rules, may have changed a state, and where attributes or texts are asked for, the workflow is assembled. What `q` names as an ID comes first, noted or not.
 */
export function* listWorkflows(
  question: ListQuestion & Pick<Question, 'nowUnixNano' | 'conventions'>,
  clock: () => number,
): Questioning<ListAnswer> {
  const { page, filter, since, until, nowUnixNano, budgetMs } = question;
  const { q } = filter;
  const began = clock();
  const cursor = page.cursor === null ? null : ListCursor.parse(page.cursor);
  if (cursor === null && q !== null) {
    const exact = yield* findByExactId(q, page.limit, question);
    const rows = exact.map(({ graph }) => rowOf(graph));
    if (rows.length > 0) return answer(question, rows, ListCursor.afterExactMatches());
  }
  const noteFilter = noteFilterOf(filter);
  const notes: RollUp[] = [];
  const rows: WorkflowRow[] = [];
  const end = (last: RollUp) => answer(question, rows, ListCursor.behind(cursor, notes, last));
  let behind = cursor?.behind;
  for (;;) {
    const limit = page.limit - rows.length + SPARE;
    const read = yield* rollUps({
      ...noteFilter,
      limit,
      ...(since === null ? {} : { since }),
      ...(until === null ? {} : { before: until }),
      ...(behind === undefined ? {} : { behind }),
      ...(filter.statuses === null ? {} : { statuses: { any: filter.statuses, nowUnixNano } }),
    });
    const present = isSought(filter)
      ? yield* verifiedRows(read, question, cursor?.exactFirst ? q : null)
      : yield* presentRows(read, question);
    for (const [at, note] of read.entries()) {
      behind = { timeUnixNano: note.timeUnixNano, id: note.id };
      const now = present[at];
      if (!now || cursor?.hasListed([note.id, ...now.former]) || !hasStatus(now.row, filter)) continue;
      notes.push(note);
      rows.push(now.row);
      if (rows.length === page.limit) return end(note);
    }
    const last = read.at(-1);
    if (last === undefined || read.length < limit) return answer(question, rows, null);
    if (clock() - began >= budgetMs) return end(last);
  }
}

function answer({ asOf }: ListQuestion, rows: readonly WorkflowRow[], next: ListCursor | null): ListAnswer {
  // A workflow whose root has not arrived may begin before its earliest entry point: the page is in order all the same.
  const workflows = rows.toSorted(newestFirst);
  return { workflows, nextCursor: next?.toString() ?? null, asOf: `${asOf}` };
}

function hasStatus({ status }: WorkflowRow, { statuses }: WorkflowFilter): boolean {
  return statuses === null || statuses.includes(status);
}

function newestFirst(a: WorkflowRow, b: WorkflowRow): number {
  const [startA, startB] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return startA < startB ? 1 : startA > startB ? -1 : 0;
}
