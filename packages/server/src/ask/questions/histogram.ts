import type { Histogram } from '@upshot/api-contract';
import type { RollUpCount, WorkflowStatus } from '@upshot/model';
import { facetsOf, isNoted } from '../list/listNoted.js';
import { listWorkflows } from '../list/listWorkflows.js';
import type { HistogramQuestion, Question } from '../Question.js';
import { counts, type Questioning } from '../Questioning.js';

/** Workflows that are looked for one by one where a filter has to look into them. */
const MOST_LOOKED_FOR = 1_000;
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
  let complete = true;
  if (isNoted(filter)) {
    const facets = facetsOf(filter);
    for (const count of yield* counts({ since, until, width, nowUnixNano, facets })) add(count);
  } else {
    const list = yield* listWorkflows(
      { ...question, kind: 'list', since, until, page: { limit: MOST_LOOKED_FOR, cursor: null } },
      clock,
    );
    complete = list.nextCursor === null;
    for (const { startTimeUnixNano, status } of list.workflows) {
      const start = BigInt(startTimeUnixNano);
      add({ span: Number(((start > since ? start : since) - since) / width), status, count: 1 });
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
