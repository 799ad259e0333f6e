import { askWorkflowsAt, rowOf } from '@upshot/causality';
import type { RollUp, WorkflowRow } from '@upshot/model';
import type { NotedRow } from '../../roll-up/notesOf.js';
import type { ListQuestion, Question, WorkflowFilter } from '../Question.js';
import { asking, type Questioning, rollUps } from '../Questioning.js';
import type { ListAnswer } from './listWorkflows.js';
import { NotedCursor } from './NotedCursor.js';

/** Notes read at a time beyond the page, for those that turn out to have been listed, or to be in another state by now. */
const SPARE = 16;
/** Counts are of the whole workflow, so its graph is asked for whole. */
const WHOLE = 100_000;

/** Whether the notes of the background can answer a list: they know what workflows consist of, but not all that was said in them. */
export function isNoted({ attributes, q }: WorkflowFilter): boolean {
  return attributes.length === 0 && q === null;
}

/**
 * The list of workflows from what the background noted, newest first. A state that the clock, or other rules, may have changed since is looked at again, by assembling that
 * workflow: filters take a superset, and what is shown holds for the moment of asking.
 */
export function* listNoted(
  question: ListQuestion & Pick<Question, 'nowUnixNano' | 'conventions'>,
  clock: () => number,
): Questioning<ListAnswer> {
  const { page, filter, since, until, nowUnixNano, budgetMs } = question;
  const began = clock();
  const cursor = page.cursor === null ? null : NotedCursor.parse(page.cursor);
  const facets = facetsOf(filter);
  const listed: { note: RollUp; row: WorkflowRow }[] = [];
  let behind = cursor?.behind;
  for (;;) {
    const limit = page.limit - listed.length + SPARE;
    const notes = yield* rollUps({
      limit,
      ...(since === null ? {} : { since }),
      ...(until === null ? {} : { before: until }),
      ...(behind === undefined ? {} : { behind }),
      ...(facets.length === 0 ? {} : { facets }),
      ...(filter.statuses === null ? {} : { statuses: { any: filter.statuses, nowUnixNano } }),
    });
    const rows = yield* presentRows(notes, question);
    for (const [at, note] of notes.entries()) {
      behind = { timeUnixNano: note.timeUnixNano, id: note.id };
      const { row, former } = rows[at]!;
      if (cursor?.hasListed([note.id, ...former]) || !hasStatus(row, filter)) continue;
      listed.push({ note, row });
      if (listed.length === page.limit)
        return answer(
          question,
          listed,
          NotedCursor.behind(
            cursor,
            listed.map(({ note }) => note),
            note,
          ),
        );
    }
    const last = notes.at(-1);
    if (last === undefined || notes.length < limit) return answer(question, listed, null);
    if (clock() - began >= budgetMs)
      return answer(
        question,
        listed,
        NotedCursor.behind(
          cursor,
          listed.map(({ note }) => note),
          last,
        ),
      );
  }
}

function answer(
  { asOf }: ListQuestion,
  listed: readonly { readonly row: WorkflowRow }[],
  next: NotedCursor | null,
): ListAnswer {
  // A workflow whose root has not arrived may begin before its earliest entry point: the page is in order all the same.
  const workflows = listed.map(({ row }) => row).sort(newestFirst);
  return { workflows, nextCursor: next?.toString() ?? null, asOf: `${asOf}` };
}

/** The rows of the notes as of now. */
export function* presentRows(
  notes: readonly RollUp[],
  {
    nowUnixNano,
    conventions = null,
    rules,
  }: Pick<ListQuestion, 'rules'> & Pick<Question, 'nowUnixNano' | 'conventions'>,
): Questioning<{ row: WorkflowRow; former: readonly string[] }[]> {
  const rows = notes.map(({ row }) => JSON.parse(row) as NotedRow);
  const stale = notes.flatMap(({ changesAtUnixNano, timeUnixNano }, at) =>
    (changesAtUnixNano !== null && changesAtUnixNano <= nowUnixNano) || rows[at]!.rules !== rules
      ? [{ timeUnixNano, ...rows[at]!.entry }]
      : [],
  );
  const fresh = new Map<string, WorkflowRow>();
  const graphs = yield* asking(askWorkflowsAt(stale, { nowUnixNano, conventions, limit: WHOLE }));
  for (const graph of graphs) fresh.set(graph.key, rowOf(graph));
  return rows.map(({ entry: _entry, rules: _rules, former = [], ...row }) => ({
    row: fresh.get(row.key) ?? row,
    former,
  }));
}

function hasStatus({ status }: WorkflowRow, { statuses }: WorkflowFilter): boolean {
  return statuses === null || statuses.includes(status);
}

/** The facets that notes have where a workflow passes these filters. */
export function facetsOf({ event, consumer, service, environment }: WorkflowFilter): string[] {
  return Object.entries({ event, consumer, service, environment }).flatMap(([name, value]) =>
    value === null ? [] : [`${name}:${value}`],
  );
}

function newestFirst(a: WorkflowRow, b: WorkflowRow): number {
  const [startA, startB] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return startA < startB ? 1 : startA > startB ? -1 : 0;
}
