import { KeyKind, keyOf, keyText, type TallyQuery } from '@upshot/model';
import { countLiteral, stringLiteral } from './literals.js';

/** The last minute that a UInt64 of nanoseconds has. */
const LAST_MINUTE = 307_445_734;
/** From how many of a series' latest minutes examples are taken: three distinct ones are wanted, and a minute may repeat those of another. */
const EXAMPLE_MINUTES = 8;

/**
 * Sums of tallies: of each minute the rows that the latest write of its latest version left, whatever has been merged. Series are compared by hash; whoever
 * reads compares them as they are.
 */
export function tallySumsSql(query: TallyQuery, kinds: readonly string[]): string {
  const { since = 0, until, every, series } = query;
  const minutes = [
    ...(since > 0 ? [`minute >= ${minuteLiteral(since)}`] : []),
    ...(until === undefined ? [] : [`minute < ${minuteLiteral(until)}`]),
  ].map((bound) => ` AND ${bound}`);
  const keys = series?.map((one) => keyText(keyOf(KeyKind.series, one))).join(', ');
  const latest = `SELECT minute, max((version, written)) AS latest FROM tallies WHERE kind = ''${minutes.join('')} GROUP BY minute`;
  const span = every === undefined ? '0' : `intDiv(minute, ${countLiteral(every)}) * ${countLiteral(every)}`;
  const counted = `kind IN (${kinds.map(stringLiteral).join(', ')})${minutes.join('')}${keys === undefined ? '' : ` AND series_key IN (${keys})`} AND (minute, version, written) IN (SELECT minute, latest.1, latest.2 FROM (${latest}))`;
  const examples = `arrayMap(of -> of.2, groupArraySorted(${EXAMPLE_MINUTES})((${LAST_MINUTE} - minute, examples)))`;
  const sums = `SELECT toUInt64(${span}) AS span, kind, series, min(first) AS earliest, max(last) AS latest, ${examples} AS shown, sumMap(numbers, counts) AS counters FROM tallies WHERE ${counted} GROUP BY span, kind, series`;
  return `SELECT span, kind, series, earliest, latest, toJSONString(shown) AS example_lists, counters.1 AS counter_numbers, counters.2 AS counter_sums FROM (${sums})`;
}

/** Bounds beyond all minutes are as good as the last one. */
function minuteLiteral(minute: number): string {
  return countLiteral(Math.min(Math.max(Math.ceil(minute), 0), LAST_MINUTE + 1));
}
