import { type Questioning, rollUps } from '../ask/Questioning.js';

/** Moments of one look-up: each takes some thirty characters, and a statement has 256 KiB. */
const TIMES = 2_000;
/** Notes of one look-up: few places are noted at one moment. */
const NOTES = 10_000;

/** The notes that lie at these moments (Unix nanoseconds): their times by their IDs. */
export function* notedAt(times: readonly bigint[]): Questioning<ReadonlyMap<string, readonly bigint[]>> {
  const noted = new Map<string, bigint[]>();
  const sorted = [...new Set(times)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  for (let at = 0; at < sorted.length; at += TIMES) {
    const some = sorted.slice(at, at + TIMES);
    const range = { since: some[0]!, before: some.at(-1)! + 1n };
    for (const { id, timeUnixNano } of yield* rollUps({ ...range, times: some, limit: NOTES })) {
      const of = noted.get(id);
      if (of === undefined) noted.set(id, [timeUnixNano]);
      else of.push(timeUnixNano);
    }
  }
  return noted;
}
