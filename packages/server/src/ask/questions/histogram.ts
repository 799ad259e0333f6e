import type { Histogram } from '@upshot/api-contract';
import { rowOf } from '@upshot/causality';
import type { RollUpCount, WorkflowRow, WorkflowStatus } from '@upshot/model';
import { findByExactId } from '../list/findByExactId.js';
import { type ListAnswer, listWorkflows } from '../list/listWorkflows.js';
import { hasText } from '../list/matchesFilter.js';
import { isSought, noteFilterOf } from '../list/noteFilter.js';
import type { HistogramQuestion, Question } from '../Question.js';
import { counts, type Questioning, rollUps } from '../Questioning.js';

/**
 * Where filters look into what was said, so many workflows are looked at one by one, which takes some 2 ms each. More are counted by their notes: of 2 million workflows with 100 attributes
 * each, one that has another attribute of the same hash is among them in one of twenty answers.
 */
const MOST_LOOKED_AT = 200;
/** A page of the list where they are. */
const PAGE = 1_000;
const LAST_NANO = 2n ** 64n - 1n;
const MINUTE = 60_000_000_000n;
const DAY = 86_400_000_000_000n;
/** Four rounds lead from half a century to a minute. */
const NARROWED = 64n;

/** Workflows by when they began and by state. Where time is not limited, from the first workflow to now. */
export function* histogram(
  question: HistogramQuestion & Pick<Question, 'nowUnixNano' | 'conventions'>,
  clock: () => number,
): Questioning<Histogram> {
  const { filter, nowUnixNano, buckets, asOf } = question;
  const until = question.until ?? nowUnixNano + 1n;
  const since = question.since ?? (yield* firstTime(until));
  const length = until > since ? until - since : 1n;
  const width = (length + BigInt(buckets) - 1n) / BigInt(buckets) || 1n;
  const bySpan = Array.from({ length: buckets }, (): Partial<Record<WorkflowStatus, number>> => ({}));
  const add = ({ span, status, count }: RollUpCount) => {
    const bucket = bySpan[span];
    const isWanted = filter.statuses === null || filter.statuses.includes(status);
    if (bucket !== undefined && isWanted) bucket[status] = (bucket[status] ?? 0) + count;
  };
  const noteFilter = noteFilterOf(filter);
  const noted = yield* counts({ since, until, width, nowUnixNano, ...noteFilter });
  let complete = true;
  if (!isSought(filter)) {
    for (const count of noted) add(count);
  } else {
    const addRow = ({ startTimeUnixNano, status }: WorkflowRow) => {
      const start = BigInt(startTimeUnixNano);
      add({ span: Number(((start > since ? start : since) - since) / width), status, count: 1 });
    };
    const asked = { ...question, since, until };
    const total = noted.reduce((sum, { count }) => sum + count, 0);
    const unsure = yield* rollUps({
      ...noteFilter,
      since,
      before: until,
      unsure: true,
      limit: MOST_LOOKED_AT + 1,
    });
    if (total + unsure.length <= MOST_LOOKED_AT) complete = yield* eachListed(asked, clock, addRow);
    else {
      for (const count of noted) add(count);
      for (const { graph } of filter.q === null ? [] : yield* findByExactId(filter.q, PAGE, asked))
        if (!hasText(graph, filter.q!.toLowerCase())) addRow(rowOf(graph));
      complete = unsure.length === 0;
    }
  }
  const at = (span: number) => {
    const time = since + BigInt(span) * width;
    return String(time > LAST_NANO ? LAST_NANO : time);
  };
  return {
    buckets: bySpan.map((counted, span) => ({
      fromUnixNano: at(span),
      toUnixNano: at(span + 1),
      counts: counted as Record<string, number>,
    })),
    asOf: String(asOf),
    complete,
  };
}

/** Tells of each workflow that the list shows, page by page; false where time ran out. */
function* eachListed(
  question: HistogramQuestion & Pick<Question, 'nowUnixNano' | 'conventions'>,
  clock: () => number,
  tell: (row: WorkflowRow) => void,
): Questioning<boolean> {
  const deadline = clock() + question.budgetMs;
  for (let cursor: string | null = null; ; ) {
    const list: ListAnswer = yield* listWorkflows(
      { ...question, kind: 'list', budgetMs: deadline - clock(), page: { limit: PAGE, cursor } },
      clock,
    );
    for (const row of list.workflows) tell(row);
    cursor = list.nextCursor;
    if (cursor === null) return true;
    if (clock() >= deadline) return false;
  }
}

/** About when the first workflow began that is noted, by ever narrower spans; a day before `until` where none is. */
function* firstTime(until: bigint): Questioning<bigint> {
  let [since, end] = [0n, until];
  for (let width = end; width > MINUTE; ) {
    width = (end - since) / NARROWED + 1n;
    const found = yield* counts({ since, until: end, width, nowUnixNano: until });
    if (found.length === 0) return until > DAY ? until - DAY : 0n;
    since += BigInt(Math.min(...found.map(({ span }) => span))) * width;
    if (since + width < end) end = since + width;
  }
  return since;
}
