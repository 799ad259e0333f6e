import type { WorkflowRow, WorkflowStatus } from '@upshot/model';
import type { EndedQuestion, Question } from '../Question.js';
import { type Questioning, rollUps } from '../Questioning.js';
import { NotedMatches } from './NotedMatches.js';
import { isSought, noteFilterOf } from './noteFilter.js';
import { presentRows } from './presentRows.js';

/** What a workflow ends as. One that is stuck may go on; until then nothing more is expected of it. */
const ENDED: readonly WorkflowStatus[] = ['completed', 'failed', 'stuck'];
/** Workflows of one answer. Who follows more than so many a minute reads no lines any more. */
const MOST = 1000;

/** Of this thread. */
const MATCHES = new NotedMatches();

export interface EndedAnswer {
  /** The last to begin first. */
  readonly workflows: readonly WorkflowRow[];
  /** True where more have ended than are told. */
  readonly more: boolean;
}

/** Workflows whose notes are newer than a moment and say that they have ended. */
export function* endedWorkflows(
  question: EndedQuestion & Pick<Question, 'nowUnixNano' | 'conventions'>,
): Questioning<EndedAnswer> {
  const { filter, newerThan, nowUnixNano } = question;
  const wanted = ENDED.filter((status) => filter.statuses === null || filter.statuses.includes(status));
  if (wanted.length === 0) return { workflows: [], more: false };
  const notes = yield* rollUps({
    newerThan,
    statuses: { any: wanted, nowUnixNano },
    ...noteFilterOf(filter),
    limit: MOST,
  });
  const { passing, left } = isSought(filter)
    ? yield* MATCHES.among(notes, filter, question)
    : { passing: notes, left: false };
  const rows = yield* presentRows(passing, question);
  return {
    workflows: rows.map(({ row }) => row).filter(({ status }) => wanted.includes(status)),
    more: left || notes.length === MOST,
  };
}
