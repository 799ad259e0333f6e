/** A stretch of time, Unix nanoseconds. */
export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
}

/** Quiet for less than this is told by its length alone: waits of a second in a broker are what one came to see. */
const LEAST_NANOS = 10_000_000_000n;
/** A quiet stretch that takes more than this part of what is shown is folded. */
const LARGE_PART = { of: 15n, in: 100n };
/** … and more than so many times as long as all the work: else there is nothing to be made readable by it. */
const TIMES_WORK = 2n;

/**
 * The stretches of a workflow in which nothing works, starts or ends, and which would leave no room for the rest. The longest is folded first,
 * for each leaves less to compare the others with.
 * @param busy when something worked, in any order; moments are stretches without length
 */
export function findFolds(busy: readonly Stretch[], start: bigint, end: bigint): Stretch[] {
  const works = merged([...busy, { from: start, to: start }, { from: end, to: end }]);
  const work = works.reduce((sum, { from, to }) => sum + (to - from), 0n);
  const quiet: Stretch[] = [];
  for (let at = 1; at < works.length; at++) {
    const [from, to] = [works[at - 1]!.to, works[at]!.from];
    if (to - from >= LEAST_NANOS) quiet.push({ from, to });
  }
  quiet.sort((a, b) => compare(lengthOf(b), lengthOf(a)));
  const folds: Stretch[] = [];
  let shown = end - start;
  for (const stretch of quiet) {
    const length = lengthOf(stretch);
    if (length * LARGE_PART.in <= shown * LARGE_PART.of || length <= work * TIMES_WORK) break;
    folds.push(stretch);
    shown -= length;
  }
  return folds.sort((a, b) => compare(a.from, b.from));
}

export function lengthOf({ from, to }: Stretch): bigint {
  return to - from;
}

/** Stretches that meet, as one; by time. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const sorted = stretches
    .map(({ from, to }) => (to < from ? { from, to: from } : { from, to }))
    .sort((a, b) => compare(a.from, b.from));
  const result: Stretch[] = [];
  for (const stretch of sorted) {
    const last = result.at(-1);
    if (last && stretch.from <= last.to) {
      if (stretch.to > last.to) result[result.length - 1] = { from: last.from, to: stretch.to };
    } else result.push(stretch);
  }
  return result;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
