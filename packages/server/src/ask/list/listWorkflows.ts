import type { WorkflowList } from '@upshot/api-contract';
import { rowOf } from '@upshot/causality';
import type { EntryPoint, WorkflowRow } from '@upshot/model';
import { compareEntries } from '@upshot/storage';
import type { ListQuestion, Question, WorkflowFilter } from '../Question.js';
import type { Questioning } from '../Questioning.js';
import { type Candidate, compareCandidates } from './Candidate.js';
import { CandidateWalk } from './CandidateWalk.js';
import { EntryWalk } from './EntryWalk.js';
import { findByExactId } from './findByExactId.js';
import { ListCursor } from './ListCursor.js';
import { hasId } from './matchesFilter.js';
import { WorkflowsMet } from './WorkflowsMet.js';

/** Entry points asked about at a time: rounds cost more than rows, and yet a page should not read far beyond its end. */
const CHUNK = { least: 48, most: 512, spare: 1.2 };

/** An unfiltered page that would be empty may take so many times its budget: that there is nothing is not true. */
const PATIENCE = 4;

export type ListAnswer = Omit<WorkflowList, 'workflows'> & { readonly workflows: readonly WorkflowRow[] };

/**
 * The list of workflows, newest first, exact in every filter: it walks the entry points from the newest to the oldest, has the workflows
 * at them collected and assembled whole, and lists a workflow when the walk has come to its earliest entry point.
 * One that is met further up, by the later parts of a long workflow, waits until then.
 */
export function* listWorkflows(
  question: ListQuestion & Pick<Question, 'nowUnixNano' | 'conventions'>,
  clock: () => number,
): Questioning<ListAnswer> {
  const { page, filter, since, until, nowUnixNano, conventions } = question;
  const began = clock();
  const cursor = page.cursor === null ? null : ListCursor.parse(page.cursor);
  const met = new WorkflowsMet(filter, { nowUnixNano, conventions });
  const answer = (listed: readonly Candidate[], next: ListCursor | null): ListAnswer => ({
    // A workflow whose root has not arrived may begin before its earliest entry point: the page is in order all the same.
    workflows: listed.map(({ graph }) => rowOf(graph)).sort(newestFirst),
    nextCursor: next?.toString() ?? null,
    asOf: `${nowUnixNano}`,
  });
  const inRange = ({ position: { timeUnixNano } }: Candidate) =>
    (since === null || timeUnixNano >= since) && (until === null || timeUnixNano < until);

  if (cursor === null && filter.q !== null) {
    const exact = (yield* findByExactId(filter.q, page.limit, met)).filter(inRange);
    if (exact.length > 0) return answer(exact, ListCursor.afterExactMatches());
  }

  const isWanted = (candidate: Candidate) =>
    inRange(candidate) &&
    (cursor === null || cursor.isBefore(candidate)) &&
    !(cursor?.exactFirst && filter.q !== null && hasId(candidate.graph, filter.q));
  const walk = new CandidateWalk(new EntryWalk({ since, until, from: cursor?.from ?? null }));
  const listed: Candidate[] = [];
  let waiting: Candidate[] = [];
  for (let asked = 0; ; ) {
    const chunk = yield* walk.next(nextChunk(asked, listed.length, page.limit), met.knows);
    asked += chunk.length;
    const fresh = (yield* met.resolve(chunk)).filter(isWanted);
    waiting = [...waiting, ...fresh].sort(compareCandidates);
    const reached = walk.ended ? waiting.length : countReached(waiting, walk.position);
    listed.push(...waiting.splice(0, Math.min(reached, page.limit - listed.length)));
    if (listed.length === page.limit) return answer(listed, ListCursor.behind(cursor, listed, null));
    if (walk.ended) return answer(listed, null);
    const isPatient = listed.length === 0 && !isFiltered(filter);
    const budget = isPatient ? question.budgetMs * PATIENCE : question.budgetMs;
    if (clock() - began >= budget) return answer(listed, ListCursor.behind(cursor, listed, walk.position));
  }
}

function isFiltered({ attributes, ...filter }: WorkflowFilter): boolean {
  return attributes.length > 0 || Object.values(filter).some((wanted) => wanted !== null);
}

function newestFirst(a: WorkflowRow, b: WorkflowRow): number {
  const [startA, startB] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return startA < startB ? 1 : startA > startB ? -1 : 0;
}

/** As many entry points as the rest of the page should take, judged by what it took so far. */
function nextChunk(asked: number, listed: number, limit: number): number {
  const each = listed === 0 ? Math.max(1, (2 * asked) / limit) : asked / listed;
  const wanted = Math.ceil((limit - listed) * each * CHUNK.spare);
  return Math.min(CHUNK.most, Math.max(CHUNK.least, wanted));
}

/** How many of the sorted workflows lie at or above the place to which the walk has come. */
function countReached(sorted: readonly Candidate[], walked: EntryPoint | null): number {
  if (!walked) return 0;
  const below = sorted.findIndex(({ position }) => compareEntries(position, walked) > 0);
  return below < 0 ? sorted.length : below;
}
