import type { Minute, TallyQuery, TallySum } from '@upshot/model';

/** How many examples a sum keeps. */
export const TALLY_EXAMPLES = 3;

/** The first minute of the span in which a minute is summed. */
export function spanOfMinute(minute: Minute, every: TallyQuery['every']): Minute {
  return every === undefined ? 0 : Math.floor(minute / every) * every;
}

/** The first few distinct ones of several lists, which come with the latest first. */
export function latestExamples(lists: Iterable<readonly string[]>): string[] {
  const examples = new Set<string>();
  for (const list of lists) {
    for (const example of list) {
      if (examples.size === TALLY_EXAMPLES) return [...examples];
      examples.add(example);
    }
  }
  return [...examples];
}

/** The order of `Store.tallies`: by minute, kind, series. */
export function compareTallySums(a: TallySum, b: TallySum): number {
  return (
    a.minute - b.minute ||
    compareTexts(a.tally.kind, b.tally.kind) ||
    compareTexts(a.tally.series, b.tally.series)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
